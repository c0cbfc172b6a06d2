/** The outcome of a test, or of a requirement in a test. */
export type Outcome = "pass" | "fail" | "warn" | "info" | "inconclusive" | "not-run" | "n/a" | "error";

/** Why something is inconclusive or was not run. A suite has its own codes for what it needs: `NEEDS_PUBLISH`. */
export type ReasonCode =
  | "LAGGED"
  | "PRECONDITION_FAILED"
  | "NO_DATA"
  | "CONTROL_FAILED"
  /** The target refused a connection because it has too many. */
  | "REFUSED"
  | `NEEDS_${string}`
  | "FILTERED"
  | "BUDGET"
  | "INTERRUPTED"
  | "DEPENDENCY_FAILED";

/** Gravest first: of several outcomes, the first in this list wins. */
const BY_GRAVITY: readonly Outcome[] = [
  "error",
  "fail",
  "inconclusive",
  "warn",
  "pass",
  "info",
  "not-run",
  "n/a",
];

/** The gravest of several outcomes; `inconclusive` when there is none. */
export function gravest(outcomes: readonly Outcome[]): Outcome {
  return BY_GRAVITY.find((outcome) => outcomes.includes(outcome)) ?? "inconclusive";
}
