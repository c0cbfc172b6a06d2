import type { ServerResponse } from "node:http";

/** A message of a plain feed. */
export interface Message {
  /** Counts from 1. */
  readonly n: number;
  readonly text: string;
}

/** A reader that waits: a held request, or an open stream. */
export interface Waiting {
  readonly kind: "hold" | "stream";
  /** The last message that it has. */
  at: number;
  readonly response: ServerResponse;
  /** Look for news now; `isLast` at the end of a hold. */
  wake(isLast?: boolean): void;
}

/** A feed: its messages and the readers that wait. */
export interface PlainFeed {
  readonly name: string;
  readonly log: Message[];
  readonly waiting: Set<Waiting>;
  /** The messages up to this one were dropped. */
  dropped: number;
  isEnded: boolean;
  /** Whatever a mutant remembers. */
  readonly memory: Map<string, number>;
}

/** The page of a request. */
export interface Page {
  readonly messages: readonly Message[];
  readonly next: string;
  readonly end?: true;
}

/** What a plain server does at each step. A mutant replaces one step. */
export interface Behavior {
  /** Append a message; the publish is acknowledged when it has returned. */
  append(feed: PlainFeed, text: string): void;
  /** Tell readers that there is news. */
  notify(feed: PlainFeed): void;
  /** The place of a position; undefined if the feed does not know it. */
  place(feed: PlainFeed, position: string, kind: "page" | "stream"): number | undefined;
  /** The messages after a place. */
  since(feed: PlainFeed, place: number, kind: "page" | "stream"): readonly Message[];
  page(feed: PlainFeed, messages: readonly Message[], place: number): Page;
  /** The position of a message. */
  position(feed: PlainFeed, n: number): string;
  /** The event of a message on a stream. */
  frame(feed: PlainFeed, message: Message): string;
  /** How long a request is held, in milliseconds. */
  readonly holdMs: number;
  /** What a stream sends before its first message. */
  hello(feed: PlainFeed, place: number): string;
  /** What a stream sends at the end of its feed. */
  goodbye(feed: PlainFeed): string;
  /** A reader has left. */
  left(feed: PlainFeed, reader: Waiting): void;
  /** What a restart does to a feed. */
  restart(feed: PlainFeed): void;
  /** The feed of a name. */
  feed(feeds: Map<string, PlainFeed>, name: string): PlainFeed;
}

/** An empty feed. */
export function emptyFeed(name: string): PlainFeed {
  return {
    name,
    log: [],
    waiting: new Set(),
    dropped: 0,
    isEnded: false,
    memory: new Map(),
  };
}

/** The server as it should be. */
export const PLAIN: Behavior = {
  append(feed, text) {
    feed.log.push({ n: (feed.log.at(-1)?.n ?? feed.dropped) + 1, text });
  },
  notify(feed) {
    for (const reader of [...feed.waiting]) reader.wake();
  },
  place(feed, position) {
    if (position === "") return feed.dropped;
    const n = Number(position.replace(`${feed.name}-`, ""));
    const isKnown = Number.isInteger(n) && n >= feed.dropped && n <= (feed.log.at(-1)?.n ?? feed.dropped);
    return isKnown ? n : undefined;
  },
  since(feed, place) {
    return feed.log.filter(({ n }) => n > place);
  },
  page(feed, messages, place) {
    const last = messages.at(-1)?.n ?? place;
    const isEnd = feed.isEnded && last === (feed.log.at(-1)?.n ?? feed.dropped);
    return { messages, next: this.position(feed, last), ...(isEnd ? { end: true as const } : {}) };
  },
  position(feed, n) {
    return `${feed.name}-${n}`;
  },
  frame(feed, { n, text }) {
    const lines = text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
    return `id: ${this.position(feed, n)}\n${lines.join("")}\n`;
  },
  holdMs: 1_000,
  hello(feed, place) {
    return `id: ${this.position(feed, place)}\n\n`;
  },
  goodbye() {
    return "event: end\ndata: the feed has ended\n\n";
  },
  left(feed, reader) {
    feed.waiting.delete(reader);
  },
  restart() {
    // Everything survives.
  },
  feed(feeds, name) {
    const known = feeds.get(name) ?? emptyFeed(name);
    feeds.set(name, known);
    return known;
  },
};
