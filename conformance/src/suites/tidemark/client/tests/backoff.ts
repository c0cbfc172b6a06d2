import { type Claim, claim, notBefore } from "../../../../engine/model/claim.ts";
import type { SeenRequest } from "../seen-request.ts";

/** How many of the last waits are examined. */
const LAST = 4;

/** The wait before each request after the first. */
export function waitsOf(requests: readonly SeenRequest[]): number[] {
  return requests.slice(1).map((request, index) => requests[index]?.until(request) ?? 0);
}

/**
 * Enough failures to tell a doubling bound from the least interval that a client keeps by itself. Per client, four
 * waits of a quarter of a second add up to 1000 ms, and four waits of the backoff to 6000 ms. By chance, the waits of
 * five clients together stay below 10 000 ms once in two million runs; load only adds to them.
 */
export const DOUBLING = {
  firstBoundMs: 100,
  failures: 7,
  clients: 5,
  leastMs: 2_000,
  waitsMs: 8_000,
} as const;

/** Limit for all waits after the {@link DOUBLING} failures, which together are at most 12.7 s. */
export const DOUBLING_LIMIT_MS = 18_000;

/** The last waits of these clients, all after failures in succession, add up to as much as a doubling bound gives. */
export function doublingClaim(after: string, clients: readonly (readonly SeenRequest[])[]): Claim {
  // Measured from request to request, because a client may leave a stream open that it does not trust.
  const waits = clients.map((requests) =>
    requests.slice(1).map(({ at }, index) => at - (requests[index]?.at ?? at)),
  );
  const sums = waits.map((each) => sumOf(each.slice(-LAST)));
  const what = `the last ${LAST} of ${DOUBLING.failures} waits after ${after}, summed over ${clients.length} clients`;
  return notBefore(what, sumOf(sums), clients.length * DOUBLING.leastMs);
}

function sumOf(waits: readonly number[]): number {
  return waits.reduce((total, wait) => total + wait, 0);
}

/** Three waits are alike if they differ by at most this share of the longest; random ones are so once in a hundred. */
const SPREAD = 0.1;

/** At least this many of the last waits have to differ. Chance fails a client once in 250 000 runs. */
const LEAST_DIFFERENT = 2;

/**
 * Clients that met the same failures waited for different times: some of their last waits differ. The longest waits are
 * left out, because a busy machine may have prolonged them.
 */
export function jitterClaim(clients: readonly (readonly SeenRequest[])[]): Claim {
  const waits = clients.map((requests) => waitsOf(requests).slice(-LAST));
  const turns = Array.from({ length: LAST }, (_, turn) =>
    waits.map((one) => one[turn] ?? 0).sort((a, b) => a - b),
  );
  const different = turns.filter(([shortest = 0, , third = 0]) => third - shortest > SPREAD * third);
  const text = turns.map((turn) => turn.map((wait) => Math.round(wait)).join(", ")).join(" ms; ");
  const what = `the last waits of ${clients.length} clients after the same failures`;
  return claim(different.length >= LEAST_DIFFERENT, what, "different", `${text} ms`);
}
