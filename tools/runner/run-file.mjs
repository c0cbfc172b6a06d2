// Runs one test file. Nothing passes by accident: a hook that throws, a file that registers no test, a hanging test and
// an unhandled rejection all fail.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { limited } from "./limit.mjs";
import { isMissingProgram, outcomes, progress, startFile } from "./record.mjs";
import { runQuietly, suitesOf } from "./uvu-queue.mjs";

/** The counts and the output of a run. */
export class Report {
  passed = 0;
  failed = 0;
  skipped = 0;
  /** Lines not yet printed or sent. @type {string[]} */
  lines = [];
  file = "(start)";

  fail(where, what) {
    this.failed += 1;
    this.lines.push(`FAIL ${where}`, what, "");
  }

  skip(name, reason) {
    this.skipped += 1;
    this.lines.push(`SKIP ${this.file} › ${name}${reason ? `: ${reason}` : ""}`);
  }
}

async function runSuite(report, run, seconds) {
  const { errors, ran, skipped, total } = await limited(runQuietly(run), {
    seconds: seconds + 1, // only for hooks; a hanging test hits its own limit first
    since: () => progress.at,
    what: () => `${report.file}, after ${progress.running}`,
  });
  const lost = total - ran;
  report.passed += ran;
  report.failed += lost;
  if (errors !== "") report.lines.push(`FAIL ${report.file}`, errors);
  else if (lost > 0)
    report.lines.push(`FAIL ${report.file}`, `${lost} test(s) did not run: a hook threw`, "");
  return { registered: total + skipped, skipped };
}

/** uvu counts a test that was skipped because of a missing program as passed; correct that. */
function countSkipped(report, marked) {
  const skipped = outcomes.filter(({ outcome }) => outcome === "skipped");
  report.passed -= skipped.length - marked;
  for (const { name, reason } of skipped) report.skip(name, reason);
}

/** CPU time of this process since `start`. A test's child processes are not included. */
function cpuMs(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

const seconds = (ms) => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;

/**
 * Run a file; with `names`, print a line for every test.
 * @param {Report} report
 * @param {string} file
 * @param {{ names: boolean, seconds: number }} options
 */
export async function runFile(report, file, options) {
  const started = performance.now();
  const cpu = process.cpuUsage();
  report.file = file;
  startFile(file);
  try {
    let registered = 0;
    let marked = 0;
    for (const run of await suitesOf(pathToFileURL(resolve(file)).href)) {
      const suite = await runSuite(report, run, options.seconds);
      registered += suite.registered;
      marked += suite.skipped;
    }
    countSkipped(report, marked);
    if (registered === 0) report.fail(file, "registered no test (is `test.run()` missing?)");
  } catch (error) {
    if (isMissingProgram(error)) report.skip("the whole file", error.message);
    else report.fail(file, error?.stack ?? String(error));
  }
  const tests = outcomes.length === 1 ? "1 test" : `${outcomes.length} tests`;
  report.lines.push(
    `${file}  ${tests}, ${seconds(performance.now() - started)} (CPU ${seconds(cpuMs(cpu))})`,
  );
  if (options.names)
    for (const { outcome, name, ms } of outcomes)
      report.lines.push(
        `  ${{ passed: "✓", failed: "✗", skipped: "-" }[outcome]} ${name}  ${Math.round(ms)} ms`,
      );
}
