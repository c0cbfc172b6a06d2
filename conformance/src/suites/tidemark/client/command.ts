import { accessSync, constants } from "node:fs";
import { readFile } from "node:fs/promises";
import { Option } from "commander";
import { ConfigError } from "../../../engine/config/source-file.ts";
import { integerFrom } from "../../../engine/config/values.ts";
import { EXIT } from "../../../engine/model/verdict.ts";
import type { SuiteCommand } from "../../../engine/run/suite-command.ts";
import type { ClientContext } from "./client-context.ts";
import type { ClientNeed } from "./client-definition.ts";
import type { ClientOptions } from "./client-options.ts";
import { pullAdapter } from "./pull-adapter.ts";
import { clientSuite } from "./suite.ts";

/** The flags that name the adapter. */
interface AdapterFlags {
  readonly adapter?: string;
  readonly listen?: number;
  readonly pageScript?: string;
}

/** `client --adapter <command>` or `client --listen`: run the suite against a client. */
export const clientCommand: SuiteCommand<ClientOptions, ClientContext, ClientNeed> = {
  suite: clientSuite,
  description: "run the suite against a client, through an adapter",
  declareTarget(command) {
    command
      .option(
        "--adapter <command>",
        "the adapter: it speaks the contract of ADAPTERS.md on its standard input and output",
      )
      .addOption(
        new Option(
          "--listen [port]",
          "wait for an adapter that fetches its orders by HTTP, such as a web page",
        )
          .argParser(integerFrom(0))
          .preset("0")
          .conflicts("adapter"),
      )
      .option("--page-script <file>", "with --listen: the script that the web page loads");
  },
  async plan(_args, flags) {
    const { words, ...adapter } = adapterOf(flags as AdapterFlags);
    let lastWords = "";
    const onLastWords = (said: string): void => {
      lastWords = said;
    };
    return {
      options: { ...adapter, onLastWords },
      words,
      // A violation may be a fault of the adapter, which often reports it on its standard error.
      finished({ verdict }) {
        if (verdict.exitCode === EXIT.violation && lastWords !== "")
          console.error(`the adapter's standard error ended with:\n${lastWords}`);
      },
    };
  },
};

/** What the runner needs to know about the adapter, and the arguments that name it on a command line. */
interface NamedAdapter extends Pick<ClientOptions, "adapter" | "inBrowser"> {
  readonly words: readonly string[];
}

/** The adapter that the flags name. @throws {ConfigError} when they name none, or its page cannot be read */
function adapterOf({ adapter, listen, pageScript }: AdapterFlags): NamedAdapter {
  if (pageScript !== undefined && listen === undefined) throw new ConfigError("--page-script needs --listen");
  if (adapter !== undefined) return { adapter, words: ["--adapter", adapter] };
  if (listen === undefined)
    throw new ConfigError('no client given; use --adapter "<command>", or --listen for a page');
  if (pageScript !== undefined) assertReadable(pageScript);
  const pull = pullAdapter({
    port: listen,
    ...(pageScript === undefined ? {} : { script: () => readFile(pageScript, "utf8") }),
    onListening: (url) => console.error(`waiting for the adapter: open ${url}`),
  });
  const port = listen === 0 ? [] : [`${listen}`];
  return {
    adapter: pull,
    inBrowser: true,
    words: ["--listen", ...port, ...(pageScript === undefined ? [] : ["--page-script", pageScript])],
  };
}

function assertReadable(page: string): void {
  try {
    accessSync(page, constants.R_OK);
  } catch (error) {
    throw new ConfigError(`${page}: ${error instanceof Error ? error.message : error}`);
  }
}
