import { draft } from "../../../../../engine/drive/driver.ts";
import {
  claim,
  different,
  matches,
  oneOf,
  same,
  sameList,
  within,
} from "../../../../../engine/model/claim.ts";
import { mediaType } from "../../../../../engine/wire/headers.ts";
import { jsonText } from "../../../../../engine/wire/json.ts";
import { CURSOR, readPage } from "../../../read/page.ts";
import { answered } from "../../../read/problem.ts";
import { served } from "../../../read/served.ts";
import { cursorsOf, endOf, fill, numbers, reportedEnd } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** How long an immediate page may take; a hold would be longer. */
const AT_ONCE_MS = 5_000;

/** Fewer than ten: the order of the ninth and the tenth message is for the test of CORE-POSITION-1. */
const ROUNDS = 8;

/** Larger than the byte limit of many pages, but small enough for most limits on a publish. */
const LARGE_CHARACTERS = 200_000;

/** The page that answers a poll, and its members. */
export const pageTests: readonly TestDefinition[] = [
  {
    id: "server/polling/answers-a-page-at-once",
    title: "A poll is answered at once with 200, application/json and a page",
    requirements: ["POLL-PAGE-1"],
    needs: ["poll"],
    async run(t) {
      const exchange = await t.get(t.channel(), { after: "end" });
      t.check("POLL-PAGE-1", answered("the answer to a poll", exchange, 200));
      t.check("POLL-PAGE-1", same("its media type", mediaType(exchange.headers), "application/json"));
      t.check("POLL-PAGE-1", within("the whole answer", exchange.endedAtMs, AT_ONCE_MS));
      const page = readPage(exchange);
      const why = typeof page === "string" ? page : "a page";
      t.check("POLL-PAGE-1", same("the body", why, "a page"));
      if (typeof page === "string") return;
      const closed = page.closed === undefined ? "absent" : jsonText(page.closed);
      t.check("POLL-PAGE-1", oneOf("member `closed`", closed, ["absent", "true"]));
    },
  },
  {
    id: "server/polling/page-with-messages",
    title: "Each message of a page has a cursor and data",
    requirements: ["POLL-PAGE-1"],
    needs: ["poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      await t.publish(channel, [draft({ a: 1 }), draft(null, "news")]);
      const page = readPage(await t.get(channel, { after: "start" }));
      t.need(different("messages of the page", typeof page === "string" ? 2 : page.messages.length, 0));
      t.check("POLL-PAGE-1", same("the body", typeof page === "string" ? page : "a page", "a page"));
    },
  },
  {
    id: "server/polling/page-holds-what-follows",
    title: "Each page continues where the previous page ended",
    requirements: ["POLL-PAGE-2"],
    needs: ["poll", "messages"],
    async run(t) {
      const channel = t.channel();
      const all = cursorsOf(await fill(t, channel, 5));
      let seen = 1;
      for (let pages = 1; pages <= all.length && seen < all.length; pages += 1) {
        const page = await t.page(channel, { after: all[seen - 1] ?? "", limit: 2 });
        const cursors = cursorsOf(page.messages);
        const follow = all.slice(seen, seen + cursors.length);
        if (!t.check("POLL-PAGE-2", sameList(`messages of page ${pages}`, cursors, follow))) return;
        const upTo = all.indexOf(page.cursor) + 1;
        t.need(claim(upTo > 0, "`cursor` of the page", "that of a message", page.cursor));
        t.check(
          "POLL-PAGE-2",
          claim(
            upTo <= seen + cursors.length,
            "messages between the requested position and `cursor`",
            `${cursors.length}, as in the page`,
            upTo - seen,
          ),
        );
        t.need(claim(cursors.length > 0, "messages of the page", "at least 1", 0));
        seen += cursors.length;
      }
    },
  },
  {
    id: "server/polling/cursor-is-where-the-page-ends",
    title:
      "The cursor of a page is that of its last message; the cursor of an empty page is the requested one",
    requirements: ["POLL-PAGE-3"],
    needs: ["poll", "messages"],
    async run(t) {
      const channel = t.channel();
      await fill(t, channel, 3);
      const page = await t.page(channel, { after: "start" });
      t.need(claim(page.messages.length > 0, "messages in the page", "at least 1", page.messages.length));
      t.check("POLL-PAGE-3", same("`cursor` of the page", page.cursor, page.messages.at(-1)?.cursor));
      const end = (await t.page(channel, { after: "end" })).cursor;
      const empty = await t.page(channel, { after: end });
      t.need(claim(empty.messages.length === 0, "messages after the end", "0", empty.messages.length));
      t.check("POLL-PAGE-3", same("`cursor` of the empty page", empty.cursor, end));
    },
  },
  {
    id: "server/polling/more-is-true-until-the-end",
    title:
      "more is true while a message follows the page, and false at the end; the cursor of a page with more moves",
    requirements: ["POLL-PAGE-4", "POLL-PAGE-5"],
    needs: ["poll", "messages"],
    async run(t) {
      const channel = t.channel();
      const all = await fill(t, channel, 3);
      const last = all.at(-1)?.cursor;
      for (const [index, message] of all.entries()) {
        const page = await t.page(channel, { after: message.cursor, limit: 1 });
        const reached = page.messages.at(-1)?.cursor ?? message.cursor;
        t.check("POLL-PAGE-4", same(`\`more\` after message ${index + 1}`, page.more, reached !== last));
        if (page.more)
          t.check("POLL-PAGE-5", different("`cursor` of a page with more", page.cursor, message.cursor));
      }
    },
  },
  {
    id: "server/polling/more-is-false-at-the-end-of-a-full-page",
    title: "A full page that ends with the last message has more=false",
    requirements: ["POLL-PAGE-4"],
    needs: ["poll", "messages"],
    async run(t) {
      const channel = t.channel();
      const [first, , last] = await fill(t, channel, 3);
      let page = await t.page(channel, { after: first?.cursor ?? "", limit: 2 });
      if (page.messages.length === 1) page = await t.page(channel, { after: page.cursor, limit: 1 });
      t.need(same("the last message of the page", page.messages.at(-1)?.cursor, last?.cursor));
      t.check("POLL-PAGE-4", same("`more` if nothing follows", page.more, false));
      const empty = await t.page(channel, { after: last?.cursor ?? "" });
      t.check("POLL-PAGE-4", same("`more` of the empty page at the end", empty.more, false));
    },
  },
  {
    id: "server/polling/large-message-fits-a-page",
    title: "A page has at least one message, however large the message is",
    requirements: ["POLL-PAGE-6"],
    needs: ["poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      await t.publish(channel, [draft("x".repeat(LARGE_CHARACTERS)), draft("small")]);
      t.need(different("the end after the publish", await reportedEnd(t, channel), before));
      const page = await t.page(channel, { after: before });
      t.check(
        "POLL-PAGE-6",
        claim(page.messages.length > 0, "messages in the page", "at least 1", page.messages.length),
      );
    },
  },
  {
    id: "server/polling/page-keeps-to-the-limit",
    title: "A page has at most limit messages",
    requirements: ["POLL-PAGE-7", "POLL-PAGE-8"],
    needs: ["poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      await t.publish(channel, numbers(5));
      for (const limit of [1, 2, 3, 5, 100]) {
        const { messages } = await t.page(channel, { after: "start", limit });
        t.need(claim(messages.length > 0, `messages with limit=${limit}`, "at least 1", messages.length));
        t.check(
          "POLL-PAGE-7",
          claim(
            messages.length <= limit,
            `messages with limit=${limit}`,
            `at most ${limit}`,
            messages.length,
          ),
        );
        const most = Math.min(limit, 5);
        t.check(
          "POLL-PAGE-8",
          claim(
            messages.length === most,
            `messages with limit=${limit}`,
            `${most}, or fewer`,
            messages.length,
          ),
        );
      }
    },
  },
  {
    id: "server/polling/closed-stands-at-the-end-only",
    title: "A page has closed at the end of a closed channel, and nowhere else",
    requirements: ["POLL-PAGE-9"],
    needs: ["poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const [first, second] = await fill(t, channel, 2);
      const open = await t.page(channel, { after: second?.cursor ?? "" });
      t.check(
        "POLL-PAGE-9",
        same("`closed` at the end of an open channel", jsonText(open.closed), "(nothing)"),
      );
      await t.close(channel);
      const end = await t.page(channel, { after: second?.cursor ?? "" });
      t.check("POLL-PAGE-9", same("`closed` at the end of a closed channel", jsonText(end.closed), "true"));
      t.check("POLL-PAGE-9", same("`more` at the end of a closed channel", end.more, false));
      const last = await t.page(channel, { after: first?.cursor ?? "" });
      t.need(same("the cursor of the last page", last.cursor, second?.cursor));
      t.check(
        "POLL-PAGE-9",
        same("`closed` in the page with the last message", jsonText(last.closed), "true"),
      );
      const middle = await t.page(channel, { after: "start", limit: 1 });
      t.need(same("the cursor of the first page", middle.cursor, first?.cursor));
      t.check(
        "POLL-PAGE-9",
        same("`closed` before the end of a closed channel", jsonText(middle.closed), "(nothing)"),
      );
    },
  },
  {
    id: "server/polling/words-are-answered-with-a-cursor",
    title: "A poll at start, at end or without a position returns a cursor, even in an empty channel",
    requirements: ["POLL-PAGE-10"],
    needs: ["poll"],
    async run(t) {
      const channel = t.channel();
      const queries: Readonly<Record<string, string>>[] = [{ after: "start" }, { after: "end" }, {}];
      for (const query of queries) {
        const exchange = await t.get(channel, query);
        t.need(served("the answer", exchange));
        const page = readPage(exchange);
        const cursor = typeof page === "string" ? page : page.cursor;
        const name = query.after === undefined ? "no position" : `after=${query.after}`;
        t.check("POLL-PAGE-10", matches(`\`cursor\` with ${name}`, cursor, CURSOR, "a concrete cursor"));
      }
    },
  },
  {
    id: "server/polling/misses-nothing-between-two-polls",
    title: "A message that is published between two polls is in the second",
    requirements: ["POLL-PAGE-2", "CORE-POSITION-5"],
    needs: ["poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      let position = await endOf(t, channel);
      const seen: string[] = [];
      for (let round = 1; round <= ROUNDS; round += 1) {
        await t.publish(channel, [draft(round)]);
        const page = await t.page(channel, { after: position });
        seen.push(...page.messages.map(({ data }) => jsonText(data)));
        if (!page.more)
          t.check("CORE-POSITION-5", same(`newest message of poll ${round}`, seen.at(-1), String(round)));
        position = page.cursor;
      }
      const expected = Array.from({ length: ROUNDS }, (_, index) => String(index + 1));
      t.check("POLL-PAGE-2", sameList("data of all polls together", seen, expected.slice(0, seen.length)));
    },
  },
];
