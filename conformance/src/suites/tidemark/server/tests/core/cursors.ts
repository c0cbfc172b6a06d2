import { draft, publishBody } from "../../../../../engine/drive/driver.ts";
import { claim, matches, same, sameList } from "../../../../../engine/model/claim.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import { type Json, member, parseJson } from "../../../../../engine/wire/json.ts";
import type { Page } from "../../../read/page.ts";
import { carriedOut, served } from "../../../read/served.ts";
import { isMessage } from "../../../read/stream.ts";
import type { TestContext } from "../../context/context.ts";
import { cursorsOf, endOf, fill, numbers, readOn, readOnce, reportedEnd, waysOf } from "../../context/log.ts";
import { StreamReader } from "../../context/stream-reader.ts";
import type { TestDefinition } from "../../definition.ts";

/** The most pages of one read. */
const MOST_PAGES = 20;

/** The grammar of the cursors that servers may mint. */
const MINTED = /^(?!~)(?=.*[^a-z])[A-Za-z0-9._~-]{1,128}$/;
const MINTED_TEXT =
  "1 to 128 of A-Z a-z 0-9 . _ ~ -, not all of them lower-case letters, not starting with ~";

/** Every cursor that readers see: in pages, streams and messages. */
async function visibleCursors(t: TestContext, channel: Channel): Promise<string[]> {
  const cursors: string[] = [];
  if (t.target.mechanisms.includes("poll"))
    for (const after of ["start", "end"]) {
      const page = await t.page(channel, { after });
      cursors.push(page.cursor, ...cursorsOf(page.messages));
    }
  if (t.target.mechanisms.includes("sse")) {
    const stream = await t.openStream(channel, { after: "start" });
    stream.exchange.abort();
    cursors.push(...stream.blocks.map(({ id }) => id).filter((id) => id !== undefined));
  }
  return cursors;
}

/** The cursors in the answer to a publish. */
function cursorsOfAnswer(text: string): string[] {
  const cursors = member(parseJson(text), "cursors");
  return Array.isArray(cursors) ? cursors.map((item: Json) => String(item)) : [];
}

/** The cursors in all pages after a position, read with a filter that keeps every message. */
async function filteredCursors(t: TestContext, channel: Channel, after: string): Promise<string[]> {
  const cursors: string[] = [];
  let position: string | undefined = after;
  for (let pages = 0; pages < MOST_PAGES && position !== undefined; pages += 1) {
    const page: Page = await t.page(channel, { after: position, event: "message,other" });
    cursors.push(...cursorsOf(page.messages));
    position = page.more ? page.cursor : undefined;
  }
  return cursors;
}

/** Cursors: their grammar, their uniqueness and where they are valid. */
export const cursorTests: readonly TestDefinition[] = [
  {
    id: "server/core/cursors-have-their-grammar",
    title: "Cursors match the grammar, have at most 128 characters, and do not begin with ~",
    requirements: ["CORE-CURSOR-1"],
    async run(t) {
      for (const cursor of await visibleCursors(t, t.channel()))
        t.check("CORE-CURSOR-1", matches("a cursor", cursor, MINTED, MINTED_TEXT));
    },
  },
  {
    id: "server/core/cursors-of-messages-have-their-grammar",
    title: "The cursors of messages match the grammar too",
    requirements: ["CORE-CURSOR-1"],
    needs: ["messages"],
    async run(t) {
      const channel = t.channel();
      await fill(t, channel, 12);
      for (const cursor of await visibleCursors(t, channel))
        t.check("CORE-CURSOR-1", matches("a cursor", cursor, MINTED, MINTED_TEXT));
    },
  },
  {
    id: "server/core/one-cursor-for-a-position",
    title: "A message has the same cursor in every mechanism, with a filter, and in repeated reads",
    requirements: ["CORE-CURSOR-2"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      await t.publish(channel, numbers(4));
      const reads = new Map<string, readonly string[]>();
      for (const way of waysOf(t)) {
        const messages = await readOn(t, channel, way, before, (read) => read.length >= 4);
        t.need(same(`messages by ${way}`, messages.length, 4));
        reads.set(way, cursorsOf(messages));
      }
      if (t.target.mechanisms.includes("poll") && t.target.claims.event)
        reads.set("poll with a filter", await filteredCursors(t, channel, before));
      const [first, ...others] = [...reads];
      for (const [name, cursors] of others)
        t.check(
          "CORE-CURSOR-2",
          sameList(`cursors by ${name}, compared with ${first?.[0]}`, cursors, first?.[1] ?? []),
        );
      t.check(
        "CORE-CURSOR-2",
        same("the end, requested twice", await reportedEnd(t, channel), await reportedEnd(t, channel)),
      );
    },
  },
  {
    id: "server/core/end-is-the-cursor-of-the-last-message",
    title: "The end has the cursor of the last message, and the end of an empty channel does not change",
    requirements: ["CORE-CURSOR-2"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const first = await reportedEnd(t, channel);
      t.check(
        "CORE-CURSOR-2",
        same("the end of an empty channel, requested again", await reportedEnd(t, channel), first),
      );
      const messages = await fill(t, channel, 2);
      t.check("CORE-CURSOR-2", same("the end", await reportedEnd(t, channel), messages.at(-1)?.cursor));
    },
  },
  {
    id: "server/core/different-positions-have-different-cursors",
    title: "No two positions share a cursor, however fast messages are published",
    requirements: ["CORE-CURSOR-3"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      await t.publish(
        channel,
        Array.from({ length: 12 }, () => draft("same")),
      );
      await Promise.all([1, 2, 3].map(() => t.publish(channel, [draft("same")])));
      const [way = "poll"] = waysOf(t);
      const messages = await readOn(t, channel, way, before, (read) => read.length >= 15);
      t.need(same("messages", messages.length, 15));
      t.check(
        "CORE-CURSOR-3",
        same("different cursors of 16 positions", new Set([before, ...cursorsOf(messages)]).size, 16),
      );
    },
  },
  {
    id: "server/core/channels-share-no-cursors",
    title: "Messages of different channels have different cursors",
    requirements: ["CORE-CURSOR-8"],
    needs: ["publish", "channels"],
    async run(t) {
      const [one, other] = [t.channel(), t.channel()];
      const cursors = cursorsOf(await fill(t, one, 3));
      const common = cursorsOf(await fill(t, other, 3)).filter((cursor) => cursors.includes(cursor));
      t.check("CORE-CURSOR-8", sameList("cursors that occur in both channels", common, []));
    },
  },
  {
    id: "server/core/cursors-differ-across-epochs",
    title: "A channel that is removed and created again does not reuse cursors",
    requirements: ["CORE-CURSOR-3", "CORE-CHANNEL-4"],
    needs: ["poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const former = cursorsOf(await fill(t, channel, 3));
      await t.remove(channel);
      await t.publish(channel, numbers(3));
      const present = cursorsOf(await readOn(t, channel, "poll", "start", () => false));
      t.need(same("messages in the new epoch", present.length, 3));
      const common = present.filter((cursor) => former.includes(cursor));
      t.check("CORE-CURSOR-3", sameList("cursors that occur in both epochs", common, []));
      for (const [index, cursor] of former.entries()) {
        const exchange = await t.get(channel, { after: cursor });
        t.check(
          "CORE-CHANNEL-4",
          claim(
            exchange.status !== 200,
            `the answer to cursor ${index + 1} of the removed channel`,
            "a refusal",
            exchange.status,
          ),
        );
      }
    },
  },
  {
    id: "server/core/cursors-are-good-in-every-mechanism",
    title: "A cursor from a page or a stream is valid in every mechanism, and with a filter",
    requirements: ["CORE-CURSOR-4"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      await t.publish(channel, numbers(3));
      const [way = "poll"] = waysOf(t);
      const all = cursorsOf(await readOn(t, channel, way, before, (read) => read.length >= 3));
      t.need(same("messages", all.length, 3));
      const filters: Readonly<Record<string, string>>[] = t.target.claims.event
        ? [{}, { event: "conformance.other" }]
        : [{}];
      const reads = [...(await collectCursors(t, channel, before, all[0] ?? ""))].flatMap(
        ([source, cursor]) =>
          waysOf(t).flatMap((sink) =>
            filters.map(async (filter) => {
              const exchange = await readOnce(t, channel, sink, cursor, filter);
              const filtered = filter.event === undefined ? "" : " with a filter";
              return { what: `the answer by ${sink}${filtered} to the cursor of ${source}`, exchange };
            }),
          ),
      );
      for (const { what, exchange } of await Promise.all(reads))
        t.check("CORE-CURSOR-4", served(what, exchange), exchange);
    },
  },
  {
    id: "server/core/cursors-of-a-publish-are-good-at-once",
    title: "The cursor in the answer to a publish is valid immediately, on every node",
    requirements: ["CORE-GAP-7"],
    needs: ["publishing", "poll", "channels"],
    async run(t) {
      const channel = t.channel();
      for (let round = 1; round <= 10; round += 1) {
        const post = await t.post(channel, publishBody([draft(round)]));
        t.need(carriedOut("the answer to a publish", post));
        const [cursor = ""] = cursorsOfAnswer(post.text);
        const exchange = await t.get(channel, { after: cursor });
        t.check(
          "CORE-GAP-7",
          claim(
            exchange.status !== 410,
            `the answer to the cursor of publish ${round}`,
            "no gap",
            exchange.status,
          ),
        );
      }
    },
  },
];

/** The cursor of the first message, from every source that shows it. */
async function collectCursors(
  t: TestContext,
  channel: Channel,
  before: string,
  expected: string,
): Promise<ReadonlyMap<string, string>> {
  const sources = new Map<string, string>();
  const take = (source: string, cursor: string | undefined): void => {
    if (cursor === expected) sources.set(source, cursor);
  };
  if (t.target.mechanisms.includes("poll")) {
    const page = await t.page(channel, { after: before, limit: 1 });
    take("a message in a page", page.messages[0]?.cursor);
    take("a page", page.cursor);
  }
  if (t.target.mechanisms.includes("long-poll"))
    take("a long poll", (await t.page(channel, { after: before, limit: 1, wait: 1 })).cursor);
  if (t.target.mechanisms.includes("sse")) {
    const reader = await StreamReader.open(t, channel, "start");
    await reader.until((blocks) => blocks.some(isMessage));
    reader.stop();
    take("an id on a stream", reader.blocks.find(isMessage)?.id);
  }
  t.need(claim(sources.size > 0, "sources of the cursor", "at least 1", sources.size));
  return sources;
}
