import { draft } from "../../../../../engine/drive/driver.ts";
import { claim, different, same, within } from "../../../../../engine/model/claim.ts";
import { jsonText } from "../../../../../engine/wire/json.ts";
import { readPage } from "../../../read/page.ts";
import { carriedOut, served } from "../../../read/served.ts";
import { GRACE_MS, needInTime } from "../../context/hold.ts";
import { endOf, fill, foreignCursor, wakeWaitS } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** An answer within this share of the wait counts as immediate. */
const AT_ONCE = 0.5;

/** Long polls that are answered without a hold. */
export const nowTests: readonly TestDefinition[] = [
  {
    id: "server/long-polling/words-are-not-held",
    title: "A long poll at start, at end or without a position is answered at once, even in an empty channel",
    requirements: ["LP-NOW-1"],
    needs: ["long-poll"],
    async run(t) {
      const channel = t.channel();
      const wait = wakeWaitS(t);
      const queries: Readonly<Record<string, string>>[] = [{ after: "end" }, { after: "start" }, {}];
      const asked = queries.map((query) => ({ query, exchange: t.hold(channel, { ...query, wait }) }));
      for (const { query, exchange } of asked) {
        await t.finish(exchange, wait * 1000 + GRACE_MS);
        const name = query.after === undefined ? "no position" : `after=${query.after}`;
        t.check("LP-NOW-1", served(`the answer with ${name}`, exchange), exchange);
        t.check(
          "LP-NOW-1",
          within(`the answer with ${name}`, exchange.headAtMs, wait * 1000 * AT_ONCE),
          exchange,
        );
      }
    },
  },
  {
    id: "server/long-polling/gap-is-not-held",
    title: "A long poll with a gap is answered at once",
    requirements: ["LP-NOW-2"],
    needs: ["long-poll"],
    async run(t) {
      const channel = t.channel();
      const wait = wakeWaitS(t);
      const after = foreignCursor(t);
      const inBand = t.hold(channel, { after, wait, gap: "end" });
      await t.finish(inBand, wait * 1000 + GRACE_MS);
      t.need(served("the answer with gap=end", inBand));
      t.need(claim(t.pageOf(inBand).gap !== undefined, "the page", "a member `gap`", inBand.text));
      t.check(
        "LP-NOW-2",
        within("the page that reports the gap", inBand.headAtMs, wait * 1000 * AT_ONCE),
        inBand,
      );
    },
  },
  {
    id: "server/long-polling/closed-end-is-not-held",
    title: "A long poll at the end of a closed channel is answered at once, with closed",
    requirements: ["LP-NOW-3"],
    needs: ["long-poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const [message] = await fill(t, channel, 1);
      await t.close(channel);
      const wait = wakeWaitS(t);
      const exchange = t.hold(channel, { after: message?.cursor ?? "", wait });
      await t.finish(exchange, wait * 1000 + GRACE_MS);
      t.check("LP-NOW-3", within("the answer at the closed end", exchange.headAtMs, wait * 1000 * AT_ONCE));
      const page = readPage(exchange);
      t.check(
        "LP-NOW-3",
        same("`closed` of the page", typeof page === "string" ? page : jsonText(page.closed), "true"),
      );
    },
  },
  {
    id: "server/long-polling/wakes-on-close",
    title: "When the channel closes, a held request is answered with closed",
    requirements: ["LP-NOW-3"],
    needs: ["long-poll", "publish", "channels"],
    quiet: true,
    async run(t) {
      const channel = t.channel();
      const [message] = await fill(t, channel, 1);
      const wait = wakeWaitS(t);
      const held = t.hold(channel, { after: message?.cursor ?? "", wait });
      await t.get(channel, { after: "end" });
      t.need(claim(held.ending === undefined, "the held request", "not answered yet", held.status));
      await t.close(channel);
      const closedAtMs = held.elapsedMs;
      await t.finish(held, wait * 1000 + GRACE_MS);
      needInTime(held, wait, closedAtMs);
      const lateMs = held.headAtMs === undefined ? undefined : held.headAtMs - closedAtMs;
      t.check("LP-NOW-3", within("the answer after the close", lateMs, wait * 1000 * AT_ONCE), held);
      const page = readPage(held);
      t.check(
        "LP-NOW-3",
        same("`closed` of the page", typeof page === "string" ? page : jsonText(page.closed), "true"),
        held,
      );
    },
  },
  {
    id: "server/long-polling/last-message-comes-before-closed",
    title: "When a publish closes the channel, a held request is answered with its message",
    requirements: ["LP-NOW-3", "LP-WAIT-1"],
    needs: ["long-poll", "publishing", "channels"],
    async run(t) {
      const channel = t.channel();
      const wait = wakeWaitS(t);
      const [before] = await fill(t, channel, 1);
      const held = t.hold(channel, { after: before?.cursor ?? "", wait });
      await t.get(channel, { after: "end" });
      t.need(claim(held.ending === undefined, "the held request", "not answered yet", held.status));
      const post = await t.post(channel, '{"messages":[{"data":"last"}],"close":true}');
      t.need(carriedOut("the POST that closes", post));
      const publishedAtMs = held.elapsedMs;
      await t.finish(held, wait * 1000 + GRACE_MS);
      needInTime(held, wait, publishedAtMs);
      const page = t.pageOf(held);
      const data = page.messages.map((message) => jsonText(message.data)).join();
      t.check("LP-WAIT-1", same("data of the page", data, '"last"'), held);
      const end = page.closed === undefined ? await t.page(channel, { after: page.cursor, wait }) : page;
      t.check("LP-NOW-3", same("`closed` after the last message", jsonText(end.closed), "true"));
    },
  },
  {
    id: "server/long-polling/wait-0-is-not-held",
    title: "wait=0 is a long poll that is not held, and its answer is no-store",
    requirements: ["LP-NOW-7"],
    needs: ["long-poll"],
    async run(t) {
      const channel = t.channel();
      const exchange = await t.get(channel, { after: await endOf(t, channel), wait: 0 });
      t.check("LP-NOW-7", served("the answer to wait=0", exchange));
      const cacheControl = exchange.header("cache-control");
      // Without the field, a poll and a long poll look the same. CORE-CACHE-1 is about that.
      t.need(different("Cache-Control of the answer to wait=0", cacheControl, undefined));
      t.check("LP-NOW-7", same("Cache-Control of the answer to wait=0", cacheControl, "no-store"));
    },
  },
  {
    id: "server/long-polling/no-etag",
    title: "The answer to a long poll has no ETag",
    requirements: ["LP-CACHE-1"],
    needs: ["long-poll"],
    async run(t) {
      const channel = t.channel();
      const end = await endOf(t, channel);
      for (const query of [
        { after: end, wait: 0 },
        { after: "start", wait: 1 },
      ]) {
        const exchange = await t.get(channel, query);
        t.need(served("the answer", exchange));
        t.check("LP-CACHE-1", same(`ETag with wait=${query.wait}`, exchange.header("etag"), undefined));
      }
    },
  },
  {
    id: "server/long-polling/no-etag-with-messages",
    title: "The answer to a long poll has no ETag, even with messages",
    requirements: ["LP-CACHE-1"],
    needs: ["long-poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      await t.publish(channel, [draft(1), draft(2)]);
      const exchange = await t.get(channel, { after: before, wait: 1, limit: 1 });
      t.need(same("messages of the answer", t.pageOf(exchange).messages.length, 1));
      t.check("LP-CACHE-1", same("ETag of a long poll with messages", exchange.header("etag"), undefined));
    },
  },
];
