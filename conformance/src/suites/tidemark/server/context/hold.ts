import { claim, type Span } from "../../../../engine/model/claim.ts";
import { Undecided } from "../../../../engine/run/checks.ts";
import type { Channel } from "../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import type { Query, TestContext } from "./context.ts";

/** How long an answer may take to arrive after the wait is over. */
export const GRACE_MS = 8_000;

/** A server may shorten a wait by a tenth; a timer may fire a few milliseconds early. */
const SHORTEST = 0.9;
const TIMER_SLACK_MS = 10;

/** What is done within this share of the wait is early enough to be seen to end the hold. */
const IN_TIME = 0.15;

/** The shortest time in milliseconds that a wait may take without a message. */
export function shortestMs(waitS: number): number {
  return waitS * 1000 * SHORTEST - TIMER_SLACK_MS;
}

/** The time from the start of the request to the head of its answer. */
export function spanToHead({ startedAt, headAtMs = 0 }: Exchange): Span {
  return { from: startedAt, to: startedAt + headAtMs };
}

/** Start a long poll, and make a round trip on another connection: by then, it is very likely held. */
export async function heldAt(
  t: TestContext,
  channel: Channel,
  after: string,
  waitS: number,
  query: Query = {},
): Promise<Exchange> {
  const held = t.hold(channel, { after, wait: waitS, ...query });
  await t.get(channel, { after: "end" });
  t.need(claim(held.ending === undefined, "the held request", "not answered yet", held.status));
  return held;
}

/**
 * Judge what should have ended a hold only if it was done early in the wait. On a slow machine the wait may be over
 * before, and a correct server answers with an empty page.
 */
export function needInTime(held: Exchange, waitS: number, doneAtMs: number): void {
  const isHeldToItsEnd = (held.headAtMs ?? Number.POSITIVE_INFINITY) >= shortestMs(waitS);
  if (!isHeldToItsEnd || doneAtMs <= waitS * 1000 * IN_TIME) return;
  const [doneS, heldS] = [doneAtMs / 1000, waitS].map((seconds) => seconds.toFixed(1));
  throw new Undecided("LAGGED", `what should end the hold was done after ${doneS} s of ${heldS} s`);
}
