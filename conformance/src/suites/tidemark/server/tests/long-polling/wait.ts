import { performance } from "node:perf_hooks";
import { draft } from "../../../../../engine/drive/driver.ts";
import { claim, notBefore, same, sameList, within } from "../../../../../engine/model/claim.ts";
import { Undecided } from "../../../../../engine/run/checks.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import { jsonText } from "../../../../../engine/wire/json.ts";
import { readPage } from "../../../read/page.ts";
import { answered } from "../../../read/problem.ts";
import { served } from "../../../read/served.ts";
import type { TestContext } from "../../context/context.ts";
import { GRACE_MS, heldAt, needInTime, shortestMs, spanToHead } from "../../context/hold.ts";
import { cursorsOf, endOf, fill, wakeWaitS } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** An answer within this share of the wait was not caused by the end of the wait. */
const WOKEN = 0.75;

/** With an answer to a plain request that takes longer than this share of a wait, the target is too slow to judge. */
const AT_ONCE = 0.25;

/** Fewer than ten: the order of the ninth and the tenth message is for the test of CORE-POSITION-1. */
const ROUNDS = 8;
/** The end of a channel with a message: the cursor of an empty channel is for the test of CORE-POSITION-6. */
async function endOfUsed(t: TestContext, channel: Channel): Promise<string> {
  const [message] = await fill(t, channel, 1);
  return message?.cursor ?? "";
}

/** How long requests are held, and what ends a hold. */
export const waitTests: readonly TestDefinition[] = [
  {
    id: "server/long-polling/answers-at-once-what-is-there",
    title: "A long poll is answered at once if a message follows its position",
    requirements: ["LP-WAIT-1"],
    needs: ["long-poll", "messages"],
    async run(t) {
      const channel = t.channel();
      const [first, second] = await fill(t, channel, 2);
      const waitS = wakeWaitS(t);
      const exchange = await t.get(channel, { after: first?.cursor ?? "", wait: waitS });
      t.check("LP-WAIT-1", served("the answer", exchange));
      t.check(
        "LP-WAIT-1",
        within("the answer to a long poll before a message", exchange.headAtMs, waitS * 1000 * WOKEN),
      );
      const page = readPage(exchange);
      const cursors = typeof page === "string" ? [page] : cursorsOf(page.messages);
      t.check("LP-WAIT-1", sameList("messages of the page", cursors, [second?.cursor ?? ""]));
    },
  },
  {
    id: "server/long-polling/wakes-on-publish",
    title: "A held request is answered with a message that is published meanwhile",
    requirements: ["LP-WAIT-1", "LP-WAIT-4"],
    needs: ["long-poll", "publish", "channels"],
    quiet: true,
    async run(t) {
      const channel = t.channel();
      const waitS = wakeWaitS(t);
      const held = await heldAt(t, channel, await endOfUsed(t, channel), waitS);
      await t.publish(channel, [draft("wake")]);
      const publishedAtMs = held.elapsedMs;
      await t.finish(held, waitS * 1000 + GRACE_MS);
      needInTime(held, waitS, publishedAtMs);
      const page = readPage(held);
      const data =
        typeof page === "string" ? page : page.messages.map((message) => jsonText(message.data)).join();
      t.check("LP-WAIT-4", same("data of the page that ends the hold", data, '"wake"'), held);
      const lateMs = held.headAtMs === undefined ? undefined : held.headAtMs - publishedAtMs;
      t.check("LP-WAIT-1", within("the answer after the publish", lateMs, waitS * 1000 * WOKEN), held);
    },
  },
  {
    id: "server/long-polling/wakes-again-and-again",
    title: "A series of long polls gets every message of a series of publishes",
    requirements: ["LP-WAIT-1"],
    needs: ["long-poll", "publish", "channels"],
    quiet: true,
    async run(t) {
      const channel = t.channel();
      let position = await endOfUsed(t, channel);
      const seen: string[] = [];
      for (let round = 1; round <= ROUNDS; round += 1) {
        const held = t.hold(channel, { after: position, wait: wakeWaitS(t) });
        await t.publish(channel, [draft(round)]);
        const publishedAtMs = held.elapsedMs;
        await t.finish(held, wakeWaitS(t) * 1000 + GRACE_MS);
        needInTime(held, wakeWaitS(t), publishedAtMs);
        const page = t.pageOf(held);
        const isHeld = page.messages.length > 0 || held.elapsedMs >= shortestMs(wakeWaitS(t));
        t.need(claim(isHeld, "a page without messages", "not before nine tenths of the wait", held.text));
        seen.push(...page.messages.map(({ data }) => jsonText(data)));
        position = page.cursor;
        if (!t.check("LP-WAIT-1", same(`data after publish ${round}`, seen.at(-1), String(round)), held))
          return;
      }
      t.check("LP-WAIT-1", same("messages in all", seen.length, ROUNDS));
    },
  },
  {
    id: "server/long-polling/wakes-every-reader",
    title: "Three requests that are held at the same position all get the message",
    requirements: ["LP-WAIT-1"],
    needs: ["long-poll", "publish", "channels"],
    quiet: true,
    async run(t) {
      const channel = t.channel();
      const end = await endOfUsed(t, channel);
      const waitS = wakeWaitS(t);
      const held = [1, 2, 3].map(() => t.hold(channel, { after: end, wait: waitS }));
      await t.get(channel, { after: "end" });
      for (const { ending, status } of held)
        t.need(claim(ending === undefined, "the held request", "not answered yet", status));
      await t.publish(channel, [draft("all")]);
      const publishedAt = performance.now();
      for (const [index, exchange] of held.entries()) {
        const page = readPage(await t.finish(exchange, waitS * 1000 + GRACE_MS));
        needInTime(exchange, waitS, publishedAt - exchange.startedAt);
        const count = typeof page === "string" ? page : page.messages.length;
        t.check("LP-WAIT-1", same(`messages for reader ${index + 1} of 3`, count, 1), exchange);
        const lateMs = spanToHead(exchange).to - publishedAt;
        const what = `the answer to reader ${index + 1} of 3 after the publish`;
        t.check("LP-WAIT-1", within(what, lateMs, waitS * 1000 * WOKEN), exchange);
      }
    },
  },
  {
    id: "server/long-polling/empty-page-at-the-end-of-the-wait",
    title:
      "A long poll without new messages is answered with an empty page, after at least nine tenths of its wait",
    requirements: ["LP-WAIT-2", "LP-WAIT-3", "LP-WAIT-6", "LP-NOW-6"],
    needs: ["long-poll", "channels"],
    waitsMs: 2_000,
    async run(t) {
      const channel = t.channel();
      const end = await endOf(t, channel);
      const waitS = Math.min(2, t.target.claims.maxWaitS ?? 2);
      const held = t.hold(channel, { after: end, wait: waitS });
      const { endedAtMs = 0 } = await t.get(channel, { after: "end" });
      const exchange = await t.finish(held, waitS * 1000 + GRACE_MS);
      t.check("LP-WAIT-2", answered("the answer at the end of the wait", exchange, 200), exchange);
      const page = readPage(exchange);
      t.check(
        "LP-WAIT-2",
        same("its body", typeof page === "string" ? page : page.messages.length, 0),
        exchange,
      );
      if (typeof page === "string") return;
      t.check("LP-WAIT-6", same("`cursor` of the empty page", page.cursor, end), exchange);
      const early = page.retryMs !== undefined;
      t.check(
        "LP-NOW-6",
        claim(
          !early,
          "`retry` in the answer",
          "absent, unless the server closes connections",
          String(page.retryMs),
        ),
        exchange,
      );
      const leastMs = early ? 0 : shortestMs(waitS);
      const waited = notBefore("the empty page", spanToHead(exchange), leastMs);
      const isSlow = waited.ok && endedAtMs > waitS * 1000 * AT_ONCE;
      if (isSlow)
        throw new Undecided("LAGGED", `an answer to a plain request took ${Math.round(endedAtMs)} ms`);
      t.check("LP-WAIT-3", waited, exchange);
    },
  },
  {
    id: "server/long-polling/empty-page-moves-past-what-the-filter-drops",
    title: "The empty page of a filtered long poll has a cursor after the messages that the filter drops",
    requirements: ["LP-WAIT-6", "LP-NOW-5"],
    needs: ["long-poll", "event", "publish", "channels"],
    waitsMs: 3_000,
    async run(t) {
      const channel = t.channel();
      const end = await endOf(t, channel);
      const waitS = Math.min(3, t.target.claims.maxWaitS ?? 3);
      const held = await heldAt(t, channel, end, waitS, { event: "wanted" });
      await t.publish(channel, [draft("no", "unwanted")]);
      t.need(claim(held.ending === undefined, "the request while it was published", "held", held.status));
      const page = t.pageOf(await t.finish(held, waitS * 1000 + GRACE_MS));
      t.need(same("messages that the filter keeps", page.messages.length, 0));
      t.check(
        "LP-NOW-5",
        claim(!page.more, "`more` of the filtered page", "false, or an early answer", String(page.more)),
        held,
      );
      t.check("LP-WAIT-6", same("`cursor` of the empty page", page.cursor, await endOf(t, channel)), held);
    },
  },
  {
    id: "server/long-polling/filtered-hold-waits-for-its-event",
    title: "A filtered long poll is held while the filter drops messages, and ends with one that it keeps",
    requirements: ["LP-WAIT-1", "LP-WAIT-3"],
    needs: ["long-poll", "event", "publish", "channels"],
    quiet: true,
    async run(t) {
      const channel = t.channel();
      const waitS = wakeWaitS(t);
      const held = await heldAt(t, channel, await endOfUsed(t, channel), waitS, { event: "wanted" });
      await t.publish(channel, [draft("no", "unwanted")]);
      await t.publish(channel, [draft("yes", "wanted")]);
      const publishedAtMs = held.elapsedMs;
      const exchange = await t.finish(held, waitS * 1000 + GRACE_MS);
      needInTime(held, waitS, publishedAtMs);
      const page = t.pageOf(exchange);
      const early = page.messages.length > 0 || page.more || page.retryMs !== undefined;
      const leastMs = early ? 0 : shortestMs(waitS);
      t.check("LP-WAIT-3", notBefore("a page without messages", spanToHead(held), leastMs), held);
      if (page.more) t.notApplicable("the server answered early, as LP-NOW-5 allows");
      const isFiltered = page.messages.every(({ event }) => event === "wanted");
      t.need(claim(isFiltered, "messages of the page", "only what the filter keeps", held.text));
      const data = page.messages.map((message) => jsonText(message.data));
      t.check("LP-WAIT-1", sameList("data of the page", data, ['"yes"']), held);
    },
  },
  {
    id: "server/long-polling/held-request-is-judged-anew-on-removal",
    title: "When the channel is removed, a held request is answered as a new request would be",
    requirements: ["LP-WAIT-5", "LP-NOW-4"],
    needs: ["long-poll", "publish", "channels"],
    quiet: true,
    async run(t) {
      const channel = t.channel();
      const [message] = await fill(t, channel, 1);
      const waitS = wakeWaitS(t);
      const held = await heldAt(t, channel, message?.cursor ?? "", waitS);
      const heldWithGap = await heldAt(t, channel, message?.cursor ?? "", waitS, { gap: "start" });
      await t.remove(channel);
      const removedAtMs = held.elapsedMs;
      await t.finish(held, waitS * 1000 + GRACE_MS);
      needInTime(held, waitS, removedAtMs);
      const lateMs = held.headAtMs === undefined ? undefined : held.headAtMs - removedAtMs;
      t.check("LP-NOW-4", within("the answer after the removal", lateMs, waitS * 1000 * WOKEN), held);
      const what = "the answer to the held request after the removal";
      t.check("LP-WAIT-5", answered(what, held, 410, 404), held);
      const asked = await t.finish(heldWithGap, waitS * 1000 + GRACE_MS);
      needInTime(heldWithGap, waitS, removedAtMs);
      t.check("LP-WAIT-5", answered("the answer to the held request with gap=start", asked, 200, 404), asked);
      if (asked.status !== 200) return;
      t.check(
        "LP-WAIT-5",
        claim(t.pageOf(asked).gap !== undefined, "its page", "a member `gap`", asked.text),
        asked,
      );
    },
  },
];
