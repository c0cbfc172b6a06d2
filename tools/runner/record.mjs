// The state of the current test file: the outcomes and times of its tests so far, and the running test.

/** @typedef {{ name: string, ms: number, outcome: "passed" | "failed" | "skipped", reason?: string }} Outcome */

/** The finished tests of the current file, in the order in which they ended. @type {Outcome[]} */
export const outcomes = [];

/** The running test, and when a test last started or ended (`performance.now()`). */
export const progress = { running: "", at: performance.now() };

/** Whether the error is a `MissingProgram` of `tools/ensure.mjs`; false on CI, where a missing program fails. */
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
