import { type Claim, claim, type LagIn, notBefore, type Span } from "../../../../engine/model/claim.ts";
import type { SeenRequest } from "../seen-request.ts";

/** How many of the last waits are examined. */
const LAST = 4;

/** The wait before each request after the first. */
function spansOf(requests: readonly SeenRequest[]): Span[] {
  return requests.slice(1).map((next, index) => (requests[index] ?? next).spanTo(next));
}

function lengthOf({ from, to }: Span): number {
  return to - from;
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
  const spans = clients.map((requests) =>
    requests.slice(1).map(({ at }, index): Span => ({ from: requests[index]?.at ?? at, to: at })),
  );
  const last = spans.flatMap((each) => each.slice(-LAST));
  const what = `the last ${LAST} of ${DOUBLING.failures} waits after ${after}, summed over ${clients.length} clients`;
  return notBefore(what, last, clients.length * DOUBLING.leastMs);
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
  const waits = clients.map((requests) => spansOf(requests).slice(-LAST));
  const turns = Array.from({ length: LAST }, (_, turn) =>
    waits.flatMap((one) => one[turn] ?? []).sort((a, b) => lengthOf(a) - lengthOf(b)),
  );
  const differ = (lagIn: LagIn): boolean =>
    turns.filter((turn) => isSpread(turn, lagIn)).length >= LEAST_DIFFERENT;
  const text = turns.map((turn) => turn.map((span) => Math.round(lengthOf(span))).join(", ")).join(" ms; ");
  const what = `the last waits of ${clients.length} clients after the same failures`;
  const ok = differ(() => 0);
  return { ...claim(ok, what, "different", `${text} ms`), isDoubtful: (lagIn) => ok && !differ(lagIn) };
}

/** Whether three waits of one turn differ, even without the lag of this process in the longest of them. */
function isSpread([shortest, , third]: readonly Span[], lagIn: LagIn): boolean {
  if (shortest === undefined || third === undefined) return false;
  const longMs = lengthOf(third) - lagIn(third);
  return longMs - lengthOf(shortest) > SPREAD * longMs;
}
