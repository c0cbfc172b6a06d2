import { type Behavior, PLAIN } from "./behavior.ts";

/** A plain server that conforms in an unusual way: the suite must report nothing. */
export interface PlainOddity {
  readonly id: string;
  readonly title: string;
  readonly changes: Partial<Behavior>;
}

/** Servers that a careless suite could blame. */
export const PLAIN_ODDITIES: readonly PlainOddity[] = [
  { id: "plain", title: "is the plain server, unchanged", changes: {} },
  {
    id: "one-message-a-response",
    title: "has at most one message in a page",
    changes: {
      since: (feed, place, kind) => PLAIN.since(feed, place, kind).slice(0, kind === "page" ? 1 : undefined),
    },
  },
  {
    id: "streams-end-after-three-messages",
    title: "ends a stream after every third message, so that readers come again",
    changes: {
      frame(feed, message) {
        const frame = PLAIN.frame.call(this, feed, message);
        if (message.n % 3 !== 0) return frame;
        setImmediate(() => {
          for (const { kind, at, response } of [...feed.waiting])
            if (kind === "stream" && at >= message.n) response.end();
        });
        return frame;
      },
    },
  },
  {
    id: "positions-change-their-spelling",
    title: "spells the same position in two ways",
    changes: {
      position: (feed, n) => `${feed.name}-${n % 2 === 0 ? `0${n}` : n}`,
    },
  },
  {
    id: "holds-end-early",
    title: "ends a hold after half of its limit",
    changes: { holdMs: 500 },
  },
  {
    id: "late-acknowledgement",
    title: "acknowledges a publish only after its readers have it",
    changes: {
      append(feed, text) {
        PLAIN.append(feed, text);
        PLAIN.notify(feed);
      },
    },
  },
];
