import { subscribe as longPoll } from "@tidemark/client-long-polling";
import type { SubscribeOptions, Subscription } from "@tidemark/client-polling";
import { subscribe as poll } from "@tidemark/client-polling";
import { subscribe as stream } from "@tidemark/client-sse";
import { watchSizes } from "./cached-sizes.ts";
import type { Sink } from "./column-event.ts";
import { type CountingFetch, createCountingFetch } from "./counting-fetch.ts";
import { checkNumbers, type OrderCheck, type SharedOrder } from "./order-check.ts";
import type { PollPause } from "./poll-pause.ts";

/** The columns of a channel. */
export type ColumnName = "polling" | "long-polling" | "sse";

const SUBSCRIBE = { polling: poll, "long-polling": longPoll, sse: stream } as const;

/** The words for the states of a column that has not failed. */
const WORDS = {
  idle: "connecting",
  connecting: "connecting",
  live: "live",
  refused: "refused",
  waiting: "waiting",
  ended: "ended",
};
const STATES: Readonly<Record<ColumnName, typeof WORDS>> = {
  polling: { ...WORDS, waiting: "until the next poll" },
  "long-polling": { ...WORDS, connecting: "request held" },
  sse: WORDS,
};

/** The longest pause after a failure, in milliseconds: shorter than the clients' default, so that a cut is short. */
const MAX_RETRY_MS = 2_000;

/** How a column reads. */
export interface ChannelReading {
  readonly name: ColumnName;
  readonly url: string;
  /** Where all columns begin. */
  readonly after: string;
  readonly pause: PollPause;
  /** The order of the messages of someone else's channel; undefined for the playground's own, which are numbered. */
  readonly order?: SharedOrder;
  /** Whether the browser reveals the sizes of answers: the playground's proxy allows it. */
  readonly isSized: boolean;
}

/** Follow a channel by one mechanism, and report everything to `sink`. */
export function startColumn(reading: ChannelReading, sink: Sink): CountingFetch {
  const { name, url, after, pause, isSized, order } = reading;
  const began = performance.now();
  const now = (): number => performance.now() - began;
  const isSizedLater = (): boolean => isSized && name === "polling";
  const counting = createCountingFetch(sink, { now, isSizedLater });
  if (isSizedLater()) watchSizes(url, (down) => sink({ t: now(), type: "size", down }));
  const options: SubscribeOptions = {
    after,
    fetch: counting.fetch,
    delay: pause.delay,
    retryDelayMs: (failures) => Math.random() * Math.min(MAX_RETRY_MS, 250 * 2 ** failures),
    onGap: () => "start",
    onState: ({ phase, failures }) =>
      sink({ t: now(), type: "state", state: failures > 0 ? "reconnecting" : STATES[name][phase] }),
    onRetry: () => {}, // shown as the end of the request
  };
  const check = order ? order.check() : checkNumbers();
  follow(SUBSCRIBE[name](url, options), { now, sink, order, check }).catch((error: unknown) =>
    sink({ t: now(), type: "state", state: `stopped: ${error instanceof Error ? error.message : error}` }),
  );
  return counting;
}

interface Following {
  readonly now: () => number;
  readonly sink: Sink;
  readonly order: SharedOrder | undefined;
  readonly check: OrderCheck<string> | OrderCheck<number>;
}

async function follow(messages: Subscription, { now, sink, order, check }: Following): Promise<void> {
  for await (const { cursor, data } of messages) {
    if (order) {
      order.arrived(cursor, performance.now());
      const delayMs = order.behind(cursor, performance.now());
      sink({ t: now(), type: "message", delayMs, ...(check as OrderCheck<string>)(cursor) });
    } else {
      const { n, at } = data as { readonly n: number; readonly at: number };
      const delayMs = Math.max(0, Date.now() - at);
      sink({ t: now(), type: "message", delayMs, ...(check as OrderCheck<number>)(n) });
    }
  }
}
