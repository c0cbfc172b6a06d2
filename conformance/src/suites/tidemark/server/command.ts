import { Option } from "commander";
import { ConfigError } from "../../../engine/config/source-file.ts";
import { asArgument, defined, integerFrom, parseUrl } from "../../../engine/config/values.ts";
import { httpControl } from "../../../engine/drive/http-control.ts";
import type { Flags, Plan, SuiteCommand } from "../../../engine/run/suite-command.ts";
import { type ExtraHeader, parseExtraHeader } from "../../../engine/wire/secrets.ts";
import { exampleConfig } from "./config/example.ts";
import { loadConfig } from "./config/load-config.ts";
import { optionsFrom } from "./config/to-options.ts";
import type { TestContext } from "./context/context.ts";
import type { Need } from "./definition.ts";
import { examine } from "./doctor/doctor.ts";
import type { ServerOptions } from "./options.ts";
import { serverSuite } from "./suite.ts";
import type { Permission } from "./target.ts";

/** The flags that say how to reach the target. */
interface TargetFlags {
  readonly config?: string;
  readonly header?: readonly ExtraHeader[];
  readonly allow?: Permission;
  readonly control?: string;
  readonly insecure?: boolean;
  readonly histories?: number;
  readonly thorough?: boolean;
}

/** `server [url]`: run the suite against a server. */
export const serverCommand: SuiteCommand<ServerOptions, TestContext, Need> = {
  suite: serverSuite,
  description: "run the suite against a server",
  declareTarget(command) {
    command
      .argument(
        "[url]",
        "the channels' URL with {channel}, their base URL, or the URL of one channel",
        parseUrl,
      )
      .option("-c, --config <file>", "a configuration in YAML or JSON; flags take precedence")
      .option(
        "--header <line>",
        "send with every request: 'Authorization: env:TOKEN' (repeatable)",
        collectHeader,
      )
      .addOption(
        new Option(
          "--allow <what>",
          "the most that the suite may do to the target: only observe it, publish, or provoke faults (default: all that it offers)",
        ).choices(["observe", "publish", "provoke"]),
      )
      .option("--control <url>", "the target's control interface, to provoke faults", parseUrl)
      .option("--histories <n>", "how many random histories to play; 0: none (default: 200)", integerFrom(0))
      .option(
        "--thorough",
        "test claims in full: the whole claimed wait, two heartbeats, four times as many histories; takes up to 100 s",
      )
      .option("--insecure", "accept any certificate");
  },
  plan: ([url], flags) => planOf(url, flags, flags as TargetFlags),
  examine,
  example: exampleConfig,
};

/** Merge the configuration, if there is one, with the flags. @throws {ConfigError} */
async function planOf(
  url: string | undefined,
  { updateBaseline }: Flags,
  flags: TargetFlags,
): Promise<Plan<ServerOptions>> {
  const loaded = flags.config === undefined ? undefined : loadConfig(flags.config);
  const file = loaded && (await optionsFrom(loaded, { optional: updateBaseline === true }));
  const target = url ?? file?.url;
  if (target === undefined)
    throw new ConfigError("no server given; pass its URL, or a configuration with -c");
  const { header: headers = [], allow, control, insecure, histories, thorough } = flags;
  const own = defined<Partial<ServerOptions>>({
    allow,
    control: control === undefined ? undefined : httpControl(control),
    insecure,
    histories,
    thorough,
  });
  const names = new Set(headers.map(({ name }) => name.toLowerCase()));
  const kept = (file?.headers ?? []).filter(({ name }) => !names.has(name.toLowerCase()));
  return {
    options: { ...file, ...own, headers: [...kept, ...headers], url: target },
    words: wordsOf(url, flags),
    reporter: loaded?.config.reporter,
    transcripts: loaded?.config.transcripts,
    baselineFile: loaded?.baselineFile,
  };
}

/** The arguments that name the target and how to reach it. Secrets are named by their variables, never written out. */
function wordsOf(url: string | undefined, flags: TargetFlags): string[] {
  return [
    ...(url === undefined ? [] : [url.replace(/\/\/[^/@]*@/, "//")]),
    ...(flags.config === undefined ? [] : ["--config", flags.config]),
    ...(flags.header ?? []).flatMap((header) => ["--header", headerArgument(header)]),
    ...(flags.allow === undefined ? [] : ["--allow", flags.allow]),
    ...(flags.control === undefined ? [] : ["--control", flags.control]),
    ...(flags.histories === undefined ? [] : ["--histories", String(flags.histories)]),
    ...(flags.thorough ? ["--thorough"] : []),
    ...(flags.insecure ? ["--insecure"] : []),
  ];
}

function headerArgument({ name, value, variable, secrets }: ExtraHeader): string {
  const [secret] = secrets;
  return `${name}: ${secret === undefined ? value : value.replace(secret, `env:${variable ?? "SECRET"}`)}`;
}

function collectHeader(line: string, before: readonly ExtraHeader[] | undefined): readonly ExtraHeader[] {
  return [...(before ?? []), asArgument(() => parseExtraHeader(line, process.env))];
}
