import { Command, InvalidArgumentError, Option } from "commander";
import type { ClientOptions } from "../client/client-options.ts";
import { runClient } from "../client/run-client.ts";
import { CLIENT_TESTS } from "../client-tests/all.ts";
import { loadLedger } from "../ledger/ledger.ts";
import { EXIT } from "../model/verdict.ts";
import { streamSink } from "../report/sink.ts";
import { quote } from "../wire/shell.ts";
import { type CarrierFlags, carrierOf } from "./carrier.ts";
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

/** `client --adapter <command>` or `client --listen`: run the suite against a client; the exit code is the verdict's. */
export function clientCommand(): Command {
  return new Command("client")
    .description("run the suite against a client, by an adapter for it")
    .option("--adapter <command>", "speaks the contract of ADAPTERS.md on standard input and output")
    .addOption(
      new Option("--listen [port]", "wait for an adapter that fetches its orders by HTTP, such as a page")
        .argParser(integerFrom(0))
        .preset("0")
        .conflicts("adapter"),
    )
    .option("--page <script>", "with --listen: the script that the page at the named URL loads")
    .option("--run <glob>", "only tests with such an id (repeatable)", collect)
    .option("--skip <glob>", "no tests with such an id (repeatable)", collect)
    .option("--requirement <glob>", "only tests that show such a requirement (repeatable)", collect)
    .option("--strict", "a SHOULD that is not met is a violation")
    .option("--require-complete", "exit 4 unless every MUST was verified")
    .option("--jobs <n>", "tests under way at once", integerFrom(1))
    .option("--seed <n>", "what is random, again", integerFrom(0))
    .option("--budget <time>", "stop after 90s, 500ms or 2m", duration)
    .option("--transcripts", "keep what was sent and received of tests that passed too")
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

/** What is wrong with a client may be a fault of its adapter, which told it there. */
function showLastWords(words: string): void {
  if (process.exitCode === EXIT.violation)
    console.error(`the adapter's standard error ended with:\n${words}`);
}
