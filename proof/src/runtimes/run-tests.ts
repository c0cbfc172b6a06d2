// Runs the tests that were bundled with this file, and reports the results. uvu queues the tests; see bundle.ts.
import type { Link, Report } from "./lines.ts";

type Run = () => Promise<[errors: string | true, ran: number, skipped: number, total: number]>;

const { hostLink, UVU_QUEUE } = globalThis as unknown as {
  readonly hostLink: Link;
  readonly UVU_QUEUE: readonly (readonly (Run | null)[])[];
};

/** Longer than any suite takes, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** Run a suite with a timeout, which uvu does not have. */
function inTime(run: Run): ReturnType<Run> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`still running after ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  });
  return Promise.race([run(), late]);
}

/** Run all queued suites. */
export async function runTests(): Promise<void> {
  const report = { passed: 0, failed: 0, skipped: 0, errors: "" };
  for (const run of UVU_QUEUE.flat()) {
    if (run === null) continue;
    try {
      const [errors, ran, skipped, total] = await inTime(run);
      report.passed += ran;
      report.skipped += skipped;
      report.failed += total - ran;
      if (typeof errors === "string") report.errors += errors;
    } catch (error) {
      report.failed += 1;
      report.errors += `${error}\n`;
    }
  }
  if (report.passed === 0) throw new Error("no test ran");
  hostLink.send({ type: "report", report: report satisfies Report });
}
