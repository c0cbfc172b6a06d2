import type { SeenRequest } from "../client/seen-request.ts";
import { type Claim, claim, notBefore } from "../model/claim.ts";

/** Waits at the end that are looked at. */
const LAST = 4;

/** The waits before each request but the first. */
export function waitsOf(requests: readonly SeenRequest[]): number[] {
  return requests.slice(1).map((request, index) => requests[index]?.until(request) ?? 0);
}

/**
 * Failures that tell a bound that doubles from the least interval that a client keeps by itself: of each client, waits of a
 * quarter of a second add up to 1000 ms, and those of the backoff to 6000 ms. By chance, those of five clients together
 * stay below 10 000 ms once in two million runs; load only adds.
 */
export const DOUBLING = {
  firstBoundMs: 100,
  failures: 7,
  clients: 5,
  leastMs: 2_000,
  waitsMs: 8_000,
} as const;

/** The waits after all {@link DOUBLING} failures together are at most 12.7 s. */
export const DOUBLING_LIMIT_MS = 18_000;

/** The last waits of these clients together, all after failures in succession, are as long as a doubling bound makes them. */
export function doublingClaim(after: string, clients: readonly (readonly SeenRequest[])[]): Claim {
  // From request to request: a client may leave a stream open that it does not believe.
  const waits = clients.map((requests) =>
    requests.slice(1).map(({ at }, index) => at - (requests[index]?.at ?? at)),
  );
  const sums = waits.map((each) => sumOf(each.slice(-LAST)));
  const what = `the last ${LAST} of ${DOUBLING.failures} waits, after ${after}, of ${clients.length} clients together`;
  return notBefore(what, sumOf(sums), clients.length * DOUBLING.leastMs);
}

function sumOf(waits: readonly number[]): number {
  return waits.reduce((total, wait) => total + wait, 0);
}

/** So much of the longest of three waits lies between them where they are alike: of random ones once in a hundred. */
const SPREAD = 0.1;

/** Of the last waits so many at least differ. Chance fails once in 250 000 runs. */
const LEAST_DIFFERENT = 2;

/** Clients that met the same failures did not wait alike: some of the last waits differ. The longest wait may be one of a busy machine. */
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
