import type { Claim } from "../../../engine/model/claim.ts";
import type { Exchange } from "../../../engine/wire/exchange.ts";
import { describe, problemName } from "./page.ts";

/** The registered problems that the suite expects, with their status. */
export const PROBLEM_STATUS = {
  "invalid-parameter": 400,
  "unsupported-parameter": 400,
  "invalid-header": 400,
  "invalid-body": 400,
  unauthorized: 401,
  forbidden: 403,
  "no-such-channel": 404,
  "method-not-allowed": 405,
  "not-acceptable": 406,
  "in-progress": 409,
  "not-at-end": 409,
  closed: 409,
  gap: 410,
  "too-large": 413,
  "unsupported-type": 415,
  "key-reused": 422,
} as const;

/** The name of a registered problem. */
export type ProblemName = keyof typeof PROBLEM_STATUS;

/**
 * The answer refuses with one of these problems, by its status and by its `type` if it has one. Only the test
 * of CORE-PROBLEM-1 requires a `type` and the other members.
 */
export function refused(what: string, exchange: Exchange, ...names: readonly ProblemName[]): Claim {
  const name = problemName(exchange);
  const fitting = names.filter((candidate) => PROBLEM_STATUS[candidate] === exchange.status);
  const ok = fitting.length > 0 && (name === undefined || fitting.some((candidate) => candidate === name));
  const expected = names.map((candidate) => `${PROBLEM_STATUS[candidate]} ${candidate}`).join(" or ");
  return { ok, what, expected, actual: describe(exchange) };
}

/** The answer has this status. */
export function answered(what: string, exchange: Exchange, ...statuses: readonly number[]): Claim {
  const ok = exchange.status !== undefined && statuses.includes(exchange.status);
  return { ok, what, expected: statuses.join(" or "), actual: describe(exchange) };
}
