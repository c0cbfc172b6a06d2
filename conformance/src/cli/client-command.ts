import { Command, InvalidArgumentError, Option } from "commander";
import { loadLedger } from "../engine/model/ledger.ts";
import { EXIT } from "../engine/model/verdict.ts";
import { streamSink } from "../engine/report/sink.ts";
import { quote } from "../engine/wire/shell.ts";
import { type CarrierFlags, carrierOf } from "../suites/tidemark/client/carrier.ts";
import type { ClientOptions } from "../suites/tidemark/client/client-options.ts";
import { runClient } from "../suites/tidemark/client/run-client.ts";
import { CLIENT_TESTS } from "../suites/tidemark/client/tests/all.ts";
import { onInterrupt } from "./interrupt.ts";
import { createReporters, parseReporters, REPORTER_NAMES, type ReporterRequest } from "./reporters.ts";
import { assertNamesTests } from "./selection.ts";
import { asUsage } from "./usage.ts";
import { collect, duration, integerFrom } from "./values.ts";

interface ClientFlags extends CarrierFlags {
  readonly run?: readonly string[];
  readonly skip?: readonly string[];
  readonly requirement?: readonly string[];
  readonly strict?: boolean;
  readonly requireComplete?: boolean;
  readonly jobs?: number;
  readonly seed?: number;
  readonly budget?: number;
  readonly transcripts?: boolean;
  readonly reporter: readonly ReporterRequest[];
}

/** `client --adapter <command>` or `client --listen`: test a client; the exit code is the verdict's. */
export function clientCommand(): Command {
  return new Command("client")
    .description("run the suite against a client, through an adapter")
    .option(
      "--adapter <command>",
      "the adapter: it speaks the contract of ADAPTERS.md on its standard input and output",
    )
    .addOption(
      new Option("--listen [port]", "wait for an adapter that fetches its orders by HTTP, such as a web page")
        .argParser(integerFrom(0))
        .preset("0")
        .conflicts("adapter"),
    )
    .option("--page <script>", "with --listen: the script that the web page loads")
    .option("--run <glob>", "run only tests whose id matches (repeatable)", collect)
    .option("--skip <glob>", "skip tests whose id matches (repeatable)", collect)
    .option("--requirement <glob>", "run only tests of matching requirements (repeatable)", collect)
    .option("--strict", "count an unmet SHOULD as a violation")
    .option("--require-complete", "exit 4 unless every MUST was verified")
    .option("--jobs <n>", "how many tests run at once", integerFrom(1))
    .option("--seed <n>", "repeat the random choices of an earlier run", integerFrom(0))
    .option("--budget <time>", "stop after this time: 90s, 500ms or 2m", duration)
    .option("--transcripts", "keep the transcripts of passed tests too")
    .addOption(reporterOption())
    .action((flags: ClientFlags, command: Command) => asUsage(command, () => runCommand(flags)));
}

function reporterOption(): Option {
  return new Option("--reporter <list>", `${REPORTER_NAMES.join(", ")}, each with =file`)
    .default([{ name: "pretty", file: undefined }], "pretty")
    .argParser((text) => {
      try {
        return parseReporters(text);
      } catch (error) {
        throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
      }
    });
}

async function runCommand(flags: ClientFlags): Promise<void> {
  const { words, ...carrier } = carrierOf(flags);
  const options = toOptions(flags);
  assertNamesTests(CLIENT_TESTS, options);
  const reporters = createReporters(flags.reporter, {
    ledger: loadLedger(),
    stdout: streamSink(process.stdout),
    color: process.env.NO_COLOR === undefined,
    transcripts: flags.transcripts ?? false,
    replay: (test) => ["npx @tidemark/conformance client", ...[...words, "--run", test].map(quote)].join(" "),
  });
  const { signal, off } = onInterrupt();
  for await (const event of runClient({ ...carrier, ...options, onLastWords: showLastWords, signal })) {
    for (const reporter of reporters) reporter.on(event);
    if (event.type === "run-finished") process.exitCode = event.report.verdict.exitCode;
  }
  off();
}

function toOptions(flags: ClientFlags): Omit<ClientOptions, "adapter"> {
  const { run, skip, requirement: requirements, strict, requireComplete, jobs, seed } = flags;
  const given = { run, skip, requirements, strict, requireComplete, jobs, seed, budgetMs: flags.budget };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** A violation may be a fault of the adapter, which often reports it on its standard error. */
function showLastWords(words: string): void {
  if (process.exitCode === EXIT.violation)
    console.error(`the adapter's standard error ended with:\n${words}`);
}
