import type { Behavior, PlainFeed } from "./behavior.ts";
import { PLAIN } from "./behavior.ts";
import { counted, type PlainMutant } from "./mutant.ts";

/** Servers that keep losses and ends silent, and mix feeds. */
export const reportMutants: readonly PlainMutant[] = [
  {
    id: "unknown-positions-are-the-end",
    title: "takes a position that it does not know for the end",
    breaks: ["DL-LOSS-1"],
    collateral: ["DL-LOSS-2"],
    changes: {
      place(feed, position, kind) {
        return PLAIN.place(feed, position, kind) ?? feed.log.at(-1)?.n ?? feed.dropped;
      },
    },
  },
  {
    id: "lost-history-is-skipped",
    title: "continues with the oldest message when those after a position are gone",
    breaks: ["DL-LOSS-2"],
    changes: {
      place(feed, position, kind) {
        const n = Number(position.replace(`${feed.name}-`, ""));
        return position !== "" && n < feed.dropped ? feed.dropped : PLAIN.place(feed, position, kind);
      },
    },
  },
  {
    id: "end-is-not-told",
    title: "ends a stream without saying that the feed has ended",
    breaks: ["DL-END-1"],
    changes: { goodbye: () => "" },
  },
  {
    id: "end-comes-before-the-last-message",
    title: "reports the end of the feed before its last message",
    breaks: ["DL-END-2"],
    collateral: ["DL-READ-1"],
    changes: {
      page(feed, messages, place) {
        const page = PLAIN.page.call(this, feed, messages, place);
        return page.end && messages.length > 1 ? { ...page, messages: messages.slice(0, -1) } : page;
      },
    },
  },
  {
    id: "feeds-are-mixed",
    title: "sends every third message of a feed to the readers of all feeds",
    breaks: ["DL-FEED-1"],
    collateral: ["DL-FEED-2", "DL-LOSS-2", "DL-END-2"],
    changes: mixedFeeds(),
  },
  {
    id: "position-opens-another-feed",
    title: "reads the feed of the position, whatever the address says",
    breaks: ["DL-FEED-2", "DL-LOSS-1"],
    changes: positionOpensItsFeed(),
  },
];

function mixedFeeds(): Partial<Behavior> {
  const all = new Set<PlainFeed>();
  return {
    feed(feeds, name) {
      const feed = PLAIN.feed(feeds, name);
      all.add(feed);
      return feed;
    },
    append(feed, text) {
      PLAIN.append(feed, text);
      if (text.length > 100 || counted(feed, "appends") % 3 !== 0) return;
      for (const other of all) {
        if (other === feed || other.isEnded) continue;
        PLAIN.append(other, text);
        PLAIN.notify(other);
      }
    },
  };
}

function positionOpensItsFeed(): Partial<Behavior> {
  const all = new Map<string, PlainFeed>();
  const foreign = (feed: PlainFeed, place: number): PlainFeed | undefined =>
    [...all.values()].find((other) => feed.memory.get(`reads ${other.name}`) === place);
  return {
    feed(feeds, name) {
      const feed = PLAIN.feed(feeds, name);
      all.set(name, feed);
      return feed;
    },
    place(feed, position, kind) {
      const [, name = "", n = ""] = /^(.*)-(\d+)$/.exec(position) ?? [];
      const other = name === feed.name ? undefined : all.get(name);
      if (!other) return PLAIN.place(feed, position, kind);
      feed.memory.set(`reads ${name}`, Number(n) + FAR);
      return Number(n) + FAR;
    },
    since(feed, place, kind) {
      const other = place >= FAR ? foreign(feed, place) : undefined;
      return other ? PLAIN.since(other, place - FAR, kind) : PLAIN.since(feed, place, kind);
    },
  };
}

/** Places of other feeds begin here. */
const FAR = 1_000_000;
