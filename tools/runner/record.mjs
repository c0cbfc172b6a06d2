// What the run of a file has seen so far: its tests with their times, and which were skipped and why.

/** @typedef {{ name: string, ms: number, outcome: "passed" | "failed" | "skipped", reason?: string }} Outcome */

/** The tests of the current file, in the order in which they ended. @type {Outcome[]} */
export const outcomes = [];

/** The test that runs now, and when a test last started or ended (`performance.now()`). */
export const progress = { running: "", at: performance.now() };

/** A program of the system that a test needs is missing: `tools/ensure.mjs` throws it. */
export const isMissingProgram = (error) => error?.code === "MISSING_PROGRAM" && !process.env.CI;

export function startFile(file) {
  outcomes.length = 0;
  progress.running = file;
  progress.at = performance.now();
}

/** @param {Outcome} outcome */
export function addOutcome(outcome) {
  outcomes.push(outcome);
  progress.at = performance.now();
}
