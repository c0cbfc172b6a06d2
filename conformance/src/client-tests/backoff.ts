import type { SeenRequest } from "../client/seen-request.ts";
import { type Claim, claim, notBefore } from "../model/claim.ts";

/** Failures in succession that the tests of the backoff make. */
export const BACKOFF_FAILURES = 10;

/** Waits at the end that are looked at. */
const LAST = 4;

/**
 * The last waits add up to more than those of a client whose bound does not grow. Bounds of at least 60 first bounds
 * each give less once in 15 000 runs; load only adds.
 */
const LEAST_SUM = 12;

/** The waits before each request but the first. */
export function waitsOf(requests: readonly SeenRequest[]): number[] {
  return requests.slice(1).map((request, index) => requests[index]?.until(request) ?? 0);
}

/** The waits before these requests, all after failures in succession, grow as a doubling bound makes them. */
export function backoffClaim(requests: readonly SeenRequest[], firstBoundMs: number): Claim {
  const sum = waitsOf(requests)
    .slice(-LAST)
    .reduce((total, wait) => total + wait, 0);
  return notBefore(`the last ${LAST} of ${BACKOFF_FAILURES} waits together`, sum, LEAST_SUM * firstBoundMs);
}

/** Difference of two waits, as a part of the longer, that a random choice leaves. */
const SPREAD = 0.1;

/** Two clients that met the same failures did not wait alike: some of the last waits differ. */
export function jitterClaim(one: readonly SeenRequest[], other: readonly SeenRequest[]): Claim {
  const pairs = waitsOf(one)
    .map((wait, index) => [wait, waitsOf(other)[index] ?? wait] as const)
    .slice(-LAST);
  const differ = pairs.some(([a, b]) => Math.abs(a - b) > SPREAD * Math.max(a, b));
  const text = pairs.map(([a, b]) => `${Math.round(a)} and ${Math.round(b)} ms`).join(", ");
  return claim(differ, "the last waits of two clients after the same failures", "different", text);
}
