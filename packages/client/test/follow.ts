// Follows a channel whose answers are scripted for each mechanism, until it is closed.
import type { State } from "@tidemark/client-core";
import { noClock } from "../../../testing/clients/no-clock.ts";
import {
  type Answering,
  type Asked,
  block,
  closing,
  page,
  problem,
  resumed,
} from "../../../testing/servers/scripted-origin.ts";
import { type SubscribeOptions, subscribe } from "../src/index.ts";
import { threeWays, type Way } from "./three-ways.ts";

/** The last answer of a mechanism: one message, then the end of the channel. */
export const donePage = page(["D1"], { closed: true });
export const doneStream = resumed("D0", block("D1") + closing("D1"));

/** The answer to a mechanism that the test does not expect. */
export const unexpected = problem(404, "no-such-channel");

/** What a client saw and did. */
export interface Followed {
  /** The cursors of the messages. */
  readonly seen: readonly string[];
  /** The mechanism and position of each request. */
  readonly reads: readonly string[];
  readonly asked: readonly Asked[];
  /** The waits for retries and polls, in milliseconds; they took no time. */
  readonly waits: readonly number[];
  readonly states: readonly State[];
}

/** Follow a channel with `auto`. `reader`, if given, is called with the subscription before it begins. */
export async function follow(
  scripts: Partial<Record<Way, readonly Answering[]>>,
  options: SubscribeOptions = {},
  reader?: (subscription: { readonly cursor: string }) => void,
): Promise<Followed> {
  const { delay, waits } = noClock();
  const ways = { sse: [unexpected], "long-polling": [unexpected], polling: [unexpected], ...scripts };
  const origin = await threeWays(ways);
  const states: State[] = [];
  const onState = (state: State): void => void states.push(state);
  const subscription = subscribe(origin.url, { delay, retryDelayMs: () => 1, onState, ...options });
  reader?.(subscription);
  const seen: string[] = [];
  try {
    for await (const { cursor } of subscription) seen.push(cursor);
  } finally {
    await origin.close();
  }
  return { seen, reads: origin.reads, asked: origin.asked, waits, states };
}
