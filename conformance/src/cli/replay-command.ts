import { Command } from "commander";
import { ConfigError } from "../engine/config/source-file.ts";
import type { RunReport } from "../engine/model/event.ts";
import { loadReport } from "../engine/report/load-report.ts";
import { asUsage } from "./process.ts";
import { invocationIn } from "./report-command.ts";

interface ReplayFlags {
  readonly transcripts?: boolean;
  readonly reporter?: string;
}

/**
 * `replay run.json#<test>`: repeat a test of a report as it was run; without `#`, repeat all failed tests.
 * `run` runs a whole command line.
 */
export function replayCommandLine(run: (args: readonly string[]) => Promise<unknown>): Command {
  const command = new Command("replay")
    .description("repeat a test of a report with its seed and options; without #test, all failed tests")
    .argument("<report#test>", "a report and a test, such as run.json#server/sse/heartbeat")
    .option("--transcripts", "keep the transcripts of passed tests too")
    .option("--reporter <list>", "the reporters, as for the server command");
  return command.action(async (which: string, { transcripts, reporter }: ReplayFlags) => {
    const args = await asUsage(command, async () => argumentsOf(which));
    if (transcripts) args.push("--transcripts");
    if (reporter !== undefined) args.push("--reporter", reporter);
    await run(args);
  });
}

function argumentsOf(which: string): string[] {
  const hash = which.lastIndexOf("#");
  const report = loadReport(hash === -1 ? which : which.slice(0, hash));
  const tests = hash === -1 ? failedIn(report) : [which.slice(hash + 1)];
  const unknown = tests.find((test) => !report.tests.some(({ id }) => id === test));
  if (unknown !== undefined) throw new ConfigError(`the report has no test ${unknown}`);
  if (tests.length === 0)
    throw new ConfigError("no test of the report failed; name one to repeat: run.json#server/…");
  return [...invocationIn(report), ...tests.flatMap((test) => ["--run", test])];
}

function failedIn({ tests }: RunReport): string[] {
  return tests.filter(({ outcome }) => outcome === "fail" || outcome === "error").map(({ id }) => id);
}
