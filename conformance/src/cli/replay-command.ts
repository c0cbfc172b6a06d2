import { Command } from "commander";
import { ConfigError } from "../engine/config/source-file.ts";
import type { RunReport } from "../engine/model/event.ts";
import { loadReport } from "../engine/report/load-report.ts";
import { asUsage } from "./process.ts";
import { invocationIn } from "./report-command.ts";

interface ReplayFlags {
  readonly transcripts?: boolean;
  readonly reporter?: string;
  readonly url?: string;
}

/**
 * `replay run.json#<test>`: repeat a test of a report as it was run, or all tests of a requirement; without `#`, repeat all
 * failed tests.
 * `run` runs a whole command line.
 */
export function replayCommandLine(run: (args: readonly string[]) => Promise<unknown>): Command {
  const command = new Command("replay")
    .description(
      "repeat a test of a report with its seed and options; without #test, all failed tests, or those with advice if none failed",
    )
    .argument(
      "<report#test>",
      "a report and a test or a requirement, such as run.json#server/sse/heartbeat or run.json#SSE-BEAT-1",
    )
    .option("--url <url>", "another target than that of the report")
    .option("--transcripts", "keep the transcripts of passed tests too")
    .option("--reporter <list>", "the reporters, as for the server command");
  return command.action(async (which: string, { transcripts, reporter, url }: ReplayFlags) => {
    const args = await asUsage(command, async () => argumentsOf(which, url));
    if (transcripts) args.push("--transcripts");
    if (reporter !== undefined) args.push("--reporter", reporter);
    await run(args);
  });
}

function argumentsOf(which: string, url: string | undefined): string[] {
  const hash = which.lastIndexOf("#");
  const report = loadReport(hash === -1 ? which : which.slice(0, hash));
  const name = which.slice(hash + 1);
  const start = withTarget(invocationIn(report), report.target.url, url);
  const isRequirement = report.tests.some(({ requirements }) =>
    requirements.some((row) => row.requirement === name),
  );
  if (hash !== -1 && isRequirement) return [...start, "--requirement", name];
  const tests = hash === -1 ? failedIn(report) : [name];
  const unknown = tests.find((test) => !report.tests.some(({ id }) => id === test));
  if (unknown !== undefined) throw new ConfigError(`the report has no test and no requirement ${unknown}`);
  if (tests.length === 0)
    throw new ConfigError("no test of the report failed; name one to repeat: run.json#server/…");
  return [...start, ...tests.flatMap((test) => ["--run", test])];
}

/** The arguments of a run with another target. @throws {ConfigError} if they do not name the former one */
function withTarget(args: readonly string[], former: string, url: string | undefined): readonly string[] {
  if (url === undefined) return args;
  const at = args.indexOf(former);
  if (at === -1)
    throw new ConfigError("the report's run does not name its target by a URL; --url cannot replace it");
  return args.with(at, url);
}

function failedIn({ tests }: RunReport): string[] {
  const failed = tests.filter(({ outcome }) => outcome === "fail" || outcome === "error");
  const advised = tests.filter(({ outcome }) => outcome === "warn");
  return (failed.length > 0 ? failed : advised).map(({ id }) => id);
}
