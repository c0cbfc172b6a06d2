import { Command, InvalidArgumentError, Option } from "commander";
import { loadLedger } from "../ledger/ledger.ts";
import { streamSink } from "../report/sink.ts";
import type { ServerOptions } from "../run/options.ts";
import { runServer } from "../run/run-server.ts";
import type { Grade } from "../run/target.ts";
import { type ExtraHeader, parseExtraHeader } from "../wire/secrets.ts";
import { quote } from "../wire/shell.ts";
import { createReporters, parseReporters, type ReporterRequest } from "./reporters.ts";
import { collect, duration, integerFrom } from "./values.ts";

interface ServerFlags {
  readonly run?: readonly string[];
  readonly skip?: readonly string[];
  readonly requirement?: readonly string[];
  readonly header?: readonly ExtraHeader[];
  readonly strict?: boolean;
  readonly requireComplete?: boolean;
  readonly jobs?: number;
  readonly seed?: number;
  readonly budget?: number;
  readonly grade?: Grade;
  readonly insecure?: boolean;
  readonly transcripts?: boolean;
  readonly reporter: readonly ReporterRequest[];
}

/** `server <url>`: run the suite against a server; the exit code is the verdict's. */
export function serverCommand(): Command {
  return new Command("server")
    .description("run the suite against a server")
    .argument("<url>", "the channels' URL with {channel}, where channels are found, or one channel", parseUrl)
    .option("--run <glob>", "only tests with such an id (repeatable)", collect)
    .option("--skip <glob>", "no tests with such an id (repeatable)", collect)
    .option("--requirement <glob>", "only tests that show such a requirement (repeatable)", collect)
    .option("--header <line>", "add to every request: 'Authorization: env:TOKEN' (repeatable)", collectHeader)
    .option("--strict", "a SHOULD that is not met is a violation")
    .option("--require-complete", "exit 4 unless every MUST was verified")
    .option("--jobs <n>", "tests under way at once", integerFrom(1))
    .option("--seed <n>", "what is random, again", integerFrom(0))
    .option("--budget <time>", "stop after 90s, 500ms or 2m", duration)
    .addOption(
      new Option("--grade <grade>", "the most that is done to the target").choices(["observe", "publish"]),
    )
    .option("--insecure", "accept any certificate")
    .option("--transcripts", "keep what was sent and received of tests that passed too")
    .addOption(reporterOption())
    .action(runCommand);
}

function reporterOption(): Option {
  return new Option("--reporter <list>", "pretty, json, junit or tap, each with =file")
    .default([{ name: "pretty", file: undefined }], "pretty")
    .argParser((text) => {
      try {
        return parseReporters(text);
      } catch (error) {
        throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
      }
    });
}

function parseUrl(text: string): string {
  const protocol = URL.canParse(text) ? new URL(text).protocol : "";
  if (protocol !== "http:" && protocol !== "https:")
    throw new InvalidArgumentError(
      "not an http or https URL, as in http://127.0.0.1:3000/channels/{channel}",
    );
  return text;
}

function collectHeader(line: string, before: readonly ExtraHeader[] | undefined): readonly ExtraHeader[] {
  try {
    return [...(before ?? []), parseExtraHeader(line, process.env)];
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

async function runCommand(url: string, flags: ServerFlags): Promise<void> {
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onInterrupt);
  const stdout = streamSink(process.stdout);
  const reporters = createReporters(flags.reporter, {
    ledger: loadLedger(),
    stdout,
    color: process.env.NO_COLOR === undefined,
    transcripts: flags.transcripts ?? false,
    replay: (test) => replayCommand(url, flags, test),
  });
  for await (const event of runServer({ ...toOptions(url, flags), signal: interrupt.signal })) {
    for (const reporter of reporters) reporter.on(event);
    if (event.type === "run-finished") process.exitCode = event.report.verdict.exitCode;
  }
  process.off("SIGINT", onInterrupt);
  process.off("SIGTERM", onInterrupt);
}

function toOptions(url: string, flags: ServerFlags): ServerOptions {
  return {
    url,
    ...(flags.header ? { headers: flags.header } : {}),
    ...(flags.run ? { run: flags.run } : {}),
    ...(flags.skip ? { skip: flags.skip } : {}),
    ...(flags.requirement ? { requirements: flags.requirement } : {}),
    ...(flags.strict ? { strict: true } : {}),
    ...(flags.requireComplete ? { requireComplete: true } : {}),
    ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.budget === undefined ? {} : { budgetMs: flags.budget }),
    ...(flags.grade === undefined ? {} : { grade: flags.grade }),
    ...(flags.insecure ? { insecure: true } : {}),
  };
}

/** What to type to run one test again; a secret is named by its variable, never written. */
function replayCommand(url: string, flags: ServerFlags, test: string): string {
  const headers = (flags.header ?? []).map(({ name, value, variable, secrets }) => {
    const [secret] = secrets;
    const shown = secret === undefined ? value : value.replace(secret, `env:${variable ?? "SECRET"}`);
    return `--header ${quote(`${name}: ${shown}`)}`;
  });
  const words = [
    "npx tidemark-conformance server",
    quote(url.replace(/\/\/[^/@]*@/, "//")),
    "--run",
    quote(test),
  ];
  return [...words, ...headers, ...(flags.seed === undefined ? [] : ["--seed", String(flags.seed)])].join(
    " ",
  );
}
