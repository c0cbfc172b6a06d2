// Runs the tests that were bundled with this file, and reports the results. uvu queues the tests; see bundle.ts.
import type { Link, Report } from "./lines.ts";

type Run = () => Promise<[errors: string | true, ran: number, skipped: number, total: number]>;

const page = globalThis as unknown as {
  readonly hostLink: Link;
  readonly UVU_QUEUE: readonly (readonly (Run | null)[])[];
  /** The title of the running test; see titled-uvu.ts. */
  readonly runningTest?: string;
};
const { hostLink, UVU_QUEUE } = page;

/** How long a suite may go without a line to or from its servers, in milliseconds. */
const SILENCE_MS = 60_000;

/** Longer than any suite takes, even on a busy machine, in milliseconds. */
const TIMEOUT_MS = 600_000;

/** When the last line was sent or received. Tests replace `performance.now`, so this uses the other clock. */
let lastLineAt = Date.now();

function noteLines(link: Link): void {
  const { send, onTold } = link;
  link.send = (order) => {
    lastLineAt = Date.now();
    send(order);
  };
  link.onTold = (told) => {
    lastLineAt = Date.now();
    onTold(told);
  };
}

/** Run a suite with time limits, which uvu does not have: they count from the last progress. */
async function inTime(run: Run): ReturnType<Run> {
  const began = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      const [silentMs, totalMs] = [Date.now() - Math.max(began, lastLineAt), Date.now() - began];
      if (silentMs > SILENCE_MS || totalMs > TIMEOUT_MS)
        reject(new Error(`still running after ${totalMs} ms, ${silentMs} of them idle: ${page.runningTest}`));
    }, 1_000);
  });
  try {
    return await Promise.race([run(), late]);
  } finally {
    clearInterval(timer);
  }
}

/** Run all queued suites. */
export async function runTests(): Promise<void> {
  noteLines(hostLink);
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
