import { Buffer } from "node:buffer";
import type { ReadOptions } from "@tidemark/log";
import type { Position, RawPage } from "@tidemark/protocol";
import { test } from "uvu";
import { type Killing, killedIn, Mutant } from "./killed.ts";

const killed = killedIn(test);

/** Register a fault of reading: `wrong` changes the page. */
function misread(
  fault: string,
  change: (page: RawPage, options: ReadOptions) => RawPage,
  killing: Killing,
): void {
  killed(
    fault,
    class extends Mutant {
      override async read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
        return change(await super.read(channel, from, options), options);
      }
    },
    killing,
  );
}

const ALL_PAGES = "reading: pages of every size add up, and `more` is true iff another follows";

misread(
  "a page has its first cursor instead of its last",
  (page) => ({ ...page, cursor: page.messages[0]?.cursor ?? page.cursor }),
  { by: ALL_PAGES },
);

misread(
  "`more` is true whenever the page is full",
  (page, { maxMessages }) => ({
    ...page,
    more: page.messages.length === maxMessages,
  }),
  { by: ALL_PAGES, topics: ["closing", "extremes", "reading"] },
);

misread("`more` is never true", (page) => ({ ...page, more: false }), {
  by: ALL_PAGES,
  topics: ["closing", "concurrency", "extremes", "reading", "watching"],
});

misread("a page has the wrong `from`", (page) => ({ ...page, from: page.cursor }), {
  by: "reading: a read from a cursor returns exactly what was appended after it",
});

misread(
  "event names are left out",
  (page) => ({
    ...page,
    messages: page.messages.map(({ cursor, json }) => ({ cursor, json })),
  }),
  {
    by: "appending: event names are returned as given, and are absent if none was given",
    topics: ["appending", "extremes"],
  },
);

misread(
  "data is parsed and serialized again",
  (page) => ({
    ...page,
    messages: page.messages.map((message) => ({
      ...message,
      json: JSON.stringify(JSON.parse(message.json)),
    })),
  }),
  { by: "extremes: every JSON text is returned unchanged", topics: ["extremes"] },
);

misread(
  "`closed` is only reported together with messages",
  (page) => ({ ...page, closed: page.closed && page.messages.length > 0 }),
  {
    by: "closing: every read that reaches the end has `closed`",
    topics: ["closing", "retention"],
  },
);

killed(
  "`closed` is reported before the end",
  class extends Mutant {
    override async read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
      return { ...(await super.read(channel, from, options)), closed: this.store.get(channel).closed };
    }
  },
  { by: "closing: readers drain a closed channel and see `closed` only at its end", topics: ["closing"] },
);

killed(
  "`maxBytes` is ignored",
  class extends Mutant {
    override async read(channel: string, from: Position, { maxMessages }: ReadOptions): Promise<RawPage> {
      return super.read(channel, from, { maxMessages });
    }
  },
  {
    by: "reading: a page stays within `maxBytes` unless it is a single message",
    topics: ["extremes", "reading"],
  },
);

killed(
  "bytes are counted as characters",
  class extends Mutant {
    override async read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
      const { maxBytes = Number.POSITIVE_INFINITY } = options;
      const all = await super.read(channel, from, { maxMessages: options.maxMessages });
      const lengths = all.messages.map(({ json }) => json.length);
      const fitting = lengths.filter((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b) <= maxBytes);
      return super.read(channel, from, { maxMessages: Math.max(1, fitting.length) });
    }
  },
  { by: "reading: bytes are counted as UTF-8", topics: ["reading"] },
);

killed(
  "a message bigger than the page is never delivered",
  class extends Mutant {
    override async read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
      const page = await super.read(channel, from, options);
      const { maxBytes = Number.POSITIVE_INFINITY } = options;
      const isBig = page.messages.length === 1 && Buffer.byteLength(page.messages[0]?.json ?? "") > maxBytes;
      return isBig ? { ...page, messages: [], cursor: page.from, more: true } : page;
    }
  },
  {
    by: "extremes: a message larger than `maxBytes` gets a page of its own",
    topics: ["extremes", "reading"],
  },
);

test.run();
