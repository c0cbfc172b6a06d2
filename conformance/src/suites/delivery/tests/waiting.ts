import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { within } from "../../../engine/model/claim.ts";
import type { DeliveryTest } from "../context.ts";
import { RequestReader } from "../read/request-reader.ts";
import { orderOf, positionsOf } from "./places.ts";

const sentence = (id: string) => ({ lost: id, repeated: id, reordered: id });

/** How long a message may take while somebody waits for it. */
export const AT_ONCE_MS = 1_500;

/** The size of the last of them. */
const LARGE_BYTES = 20_000;

/** The longest hold that the suite waits for. */
const MAX_LIMIT_MS = 35_000;

/** Tests of what happens while nothing, or something, comes. */
export const waitingTests: readonly DeliveryTest[] = [
  {
    id: "delivery/waiting/between-requests",
    title: "What is published between two requests is in the responses that follow",
    requirements: ["DL-WAIT-1"],
    needs: ["resume"],
    async run(t) {
      for (const mechanism of t.mechanisms) {
        const feed = await t.feed();
        const reader = feed.reader(mechanism);
        await t.present(feed, [reader]);
        await t.complete(feed, [reader], feed.sent.length); // and then an empty response, of one that polls
        await reader.stop();
        const known = positionsOf(feed, reader).at(-1);
        if (!known) continue;
        for (const count of [1, 3]) {
          await feed.publish(count);
          const next = feed.reader(mechanism, known.position);
          await t.complete(feed, [next], feed.sent.length - known.from);
          await next.stop();
          const due = { order: orderOf(feed), from: known.from };
          t.judgeReader(next, due, sentence("DL-WAIT-1"), `${count} published between two requests`);
        }
      }
    },
  },
  {
    id: "delivery/waiting/at-the-end",
    title: "A reader that begins after the newest message gets what comes from then on",
    requirements: ["DL-WAIT-1"],
    needs: ["resume"],
    async run(t) {
      const some = t.mechanisms.filter((one) => t.target.dialect[one]?.position?.end !== undefined);
      if (some.length === 0) t.notApplicable("no mechanism has a position after the newest message");
      for (const mechanism of some) {
        const feed = await t.feed();
        await feed.publish(3);
        const reader = feed.reader(mechanism, "end");
        await feed.wait(() => reader.isReading && (mechanism === "sse" || reader.reached.length > 0), 4_000);
        await feed.publish(2);
        await t.complete(feed, [reader], 2);
        t.judgeReader(reader, { order: orderOf(feed), from: 3 }, sentence("DL-WAIT-1"), "from the end");
      }
    },
  },
  {
    id: "delivery/waiting/during-a-hold",
    title: "A message that is published while somebody waits for it is sent at once",
    requirements: ["DL-WAIT-2"],
    waitsMs: 1_500,
    async run(t) {
      const waiting = t.mechanisms.filter((mechanism) => mechanism !== "poll");
      if (waiting.length === 0) t.notApplicable("readers only poll");
      for (const mechanism of waiting) {
        const feed = await t.feed();
        const reader = feed.reader(mechanism);
        await t.present(feed, [reader]);
        for (let n = 0; n < 3; n += 1) {
          await delay(200);
          const sent = await feed.send(n === 2 ? `@ ${"x".repeat(LARGE_BYTES)}` : "@");
          await feed.wait(() => reader.marks.includes(sent.mark), AT_ONCE_MS * 3);
          const got = reader.got.find(({ mark }) => mark === sent.mark);
          const took = got && Math.max(0, got.atMs - sent.ackedAt);
          const claimed = within(`by ${mechanism}, a message while the reader waits`, took, AT_ONCE_MS);
          if (!t.judge("DL-WAIT-2", claimed, got?.exchange ?? reader.exchange)) break;
        }
      }
    },
  },
  {
    id: "delivery/waiting/empty-response",
    title: "An empty response comes within its limit, and moves the reader past nothing",
    requirements: ["DL-WAIT-3", "DL-WAIT-4"],
    needs: ["long-poll", "resume"],
    waitsMs: 4_000,
    async run(t) {
      if (!t.mechanisms.includes("long-poll")) t.unseen("DEPENDENCY_FAILED", "long polling delivers nothing");
      const limitMs = t.holdMs;
      if (limitMs === undefined || limitMs > MAX_LIMIT_MS)
        return t.unseen(
          "NEEDS_LIMIT",
          "nothing says how long a request is held, or it is too long to wait for",
        );
      const feed = await t.feed();
      const first = feed.reader("long-poll");
      await t.present(feed, [first]);
      const readers = [first, ...[1, 2, 3].map(() => feed.reader("long-poll"))];
      await t.complete(feed, readers, feed.sent.length);
      const held = readers.map((reader) => reader.exchange);
      const isOver = (): boolean => held.every((exchange) => exchange?.ending !== undefined);
      await feed.wait(
        () => held.some((exchange) => (exchange?.elapsedMs ?? 0) >= limitMs - RACE_MS),
        limitMs + 5_000,
      );
      const began = performance.now();
      // Messages around the moment at which the holds end.
      while (performance.now() < began + RACE_MS * 3) {
        await feed.send();
        await delay(15);
      }
      await feed.wait(isOver, limitMs + 5_000);
      await t.complete(feed, readers, feed.sent.length);
      for (const reader of readers)
        t.judgeReader(reader, { order: orderOf(feed) }, sentence("DL-WAIT-4"), "published as holds end");
      const idle = feed.reader("long-poll", first.position);
      await t.patiently(feed, () => idle.exchange?.ending !== undefined, limitMs * 2 + 5_000);
      const empty = idle instanceof RequestReader ? idle.answers[0] : undefined;
      const took = empty?.exchange.endedAtMs;
      const bound = limitMs + Math.max(1_000, limitMs / 4);
      const came = within("an empty response", took, bound);
      // Nothing at all in so long a time is no lag.
      const claimed = took === undefined ? { ...came, timed: false } : came;
      t.judge("DL-WAIT-3", claimed, empty?.exchange ?? idle.exchange);
      await feed.publish(1);
      await t.complete(feed, [idle], 1);
      const due = { order: orderOf(feed), from: feed.sent.length - 1 };
      t.judgeReader(idle, due, sentence("DL-WAIT-4"), "after an empty response");
    },
  },
  {
    id: "delivery/waiting/empty-polls",
    title: "Responses without messages move no reader past a message",
    requirements: ["DL-WAIT-4"],
    needs: ["resume"],
    waitsMs: 2_500,
    async run(t) {
      for (const mechanism of t.mechanisms.filter((one) => one !== "long-poll")) {
        const feed = await t.feed();
        const reader = feed.reader(mechanism);
        await t.present(feed, [reader]);
        const since = reader.reached.length;
        const { position } = reader;
        // A stream can send positions without messages, for instance with a heartbeat.
        const moved = (): boolean => reader.reached.length > since || reader.position !== position;
        if (mechanism === "sse") await t.patiently(feed, moved, IDLE_MS);
        await reader.stop();
        if (position === undefined && reader.position === undefined) continue;
        const from = feed.sent.length;
        await feed.publish(2);
        const next = feed.reader(mechanism, reader.position ?? {}); // without one, if it was taken back
        await t.complete(feed, [next], 2);
        t.judgeReader(next, { order: orderOf(feed), from }, sentence("DL-WAIT-4"), "after nothing came");
      }
    },
  },
];

/** How long before and after the end of the holds messages are published. */
const RACE_MS = 120;

/** How long to wait for a position without a message. */
const IDLE_MS = 3_500;
