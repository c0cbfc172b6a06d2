import { setTimeout as delay } from "node:timers/promises";
import { claim, within } from "../../../engine/model/claim.ts";
import type { DeliveryTest } from "../context.ts";
import { faultIn, shown } from "../judge.ts";
import { isIntact } from "../read/marks.ts";
import { AT_ONCE_MS } from "./waiting.ts";

/** What may be special about a payload; `@` stands for its mark. */
const PAYLOADS: readonly (readonly [what: string, text: string])[] = [
  ["plain text", "@"],
  ["a line break", "@1\n@2"],
  ["two line breaks", "@1\n\n@2"],
  ["spaces at both ends", " @ "],
  ["quotes and a backslash", '@ "\\"'],
  ["characters of 2, 3 and 4 bytes", "@ ü € 😀"],
  ["20 000 characters", `@ü${"0123456789".repeat(2_000)}`],
];

const LIVE = { lost: "DL-READ-1", repeated: "DL-READ-2", reordered: "DL-ORDER-2" };

/** How many readers wait at once, of each mechanism. */
const CROWD = 34;

/** Tests of readers that are there when messages are published. */
export const readingTests: readonly DeliveryTest[] = [
  {
    id: "delivery/reading/each-once",
    title: "Readers that are there get each message once, in the order of the publishes",
    requirements: ["DL-READ-1", "DL-READ-2", "DL-ORDER-1", "DL-ORDER-2"],
    async run(t) {
      for (const [mechanism, { readers, sent, refusedBy, delivers }] of t.delivery.steady) {
        const order = sent.map(({ mark }) => mark);
        for (const { exchange } of sent) t.show(exchange);
        if (!delivers && refusedBy)
          t.judge(
            "DL-READ-1",
            claim(
              false,
              `by ${mechanism}`,
              shown(order),
              `refused with ${refusedBy.status ?? refusedBy.failure}`,
            ),
            refusedBy,
          );
        else for (const reader of readers) t.judgeReader(reader, { order }, LIVE);
      }
      const [first, ...others] = [...t.delivery.steady.values()].flatMap(({ readers }) => readers);
      for (const other of others) {
        const common = new Set(other.marks);
        const ours = [...new Set(first?.marks)].filter((mark) => common.has(mark));
        const theirs = [...common].filter((mark) => ours.includes(mark));
        const told = `by ${first?.mechanism} ${shown(ours)}; by ${other.mechanism} ${shown(theirs)}`;
        t.judge(
          "DL-ORDER-1",
          claim(ours.join() === theirs.join(), "two readers", "one order", told),
          other.exchange,
        );
      }
      if (others.length === 0)
        t.judge("DL-ORDER-1", claim(true, "one reader", "one order", ""), first?.exchange);
    },
  },
  {
    id: "delivery/reading/intact",
    title: "Each message arrives as one message, with its payload",
    requirements: ["DL-READ-3"],
    async run(t) {
      for (const mechanism of t.mechanisms) {
        const feed = await t.feed();
        const reader = feed.reader(mechanism);
        await t.present(feed, [reader]);
        const sent = [];
        for (const [what, text] of PAYLOADS) sent.push({ what, ...(await feed.send(text)) });
        const last = await feed.send();
        await feed.wait(() => reader.marks.includes(last.mark), 5_000);
        await reader.stop();
        for (const { what, mark, draft, refused, exchange } of sent) {
          if (refused !== undefined) {
            t.note(`not accepted: ${what}: ${refused}`);
            continue;
          }
          const got = [
            ...new Set(reader.got.filter((one) => one.mark === mark).map(({ payload }) => payload)),
          ];
          const is = got.length === 1 && isIntact(got[0] ?? "", draft);
          const told =
            got.length === 0 ? "nothing" : got.map((text) => JSON.stringify(text.slice(0, 60))).join(", ");
          const wanted = (draft.text ?? draft.json).slice(0, 60);
          t.judge("DL-READ-3", claim(is, `by ${mechanism}, ${what}`, JSON.stringify(wanted), told), exchange);
        }
      }
    },
  },
  {
    id: "delivery/reading/slow-reader",
    title: "A reader that stops reading for a while gets everything",
    requirements: ["DL-READ-4"],
    waitsMs: 2_000,
    async run(t) {
      for (const mechanism of t.mechanisms) {
        const feed = await t.feed();
        const reader = feed.reader(mechanism);
        await t.present(feed, [reader]);
        reader.pause(true);
        // A stream has to exceed what the buffers of both systems hold.
        const [count, bytes] = mechanism === "sse" ? SLOW_STREAM : SLOW_REQUESTS;
        const filler = "x".repeat(bytes);
        for (let n = 0; n < count; n += 1) await feed.send(`@ ${filler}`);
        await delay(SLOW_MS);
        reader.pause(false);
        await t.complete(feed, [reader], feed.sent.length);
        const order = feed.sent.map(({ mark }) => mark);
        t.judgeReader(reader, { order }, ONLY_READ_4, `after a pause of ${SLOW_MS / 1_000} s`);
      }
    },
  },
  {
    id: "delivery/reading/crowd",
    title: `Each of ${CROWD} readers that wait at the same time gets each message`,
    requirements: ["DL-READ-1", "DL-READ-2", "DL-WAIT-2"],
    needs: ["readers"],
    async run(t) {
      for (const mechanism of t.mechanisms.filter((one) => one !== "poll")) {
        if (mechanism === "sse" && (t.target.dialect.sse?.readers ?? CROWD) < CROWD) continue;
        const feed = await t.feed();
        const all = Array.from({ length: CROWD }, () => feed.reader(mechanism));
        await feed.wait(() => all.every((reader) => reader.isReading || reader.refusal), 3_000);
        const readers = all.filter(({ isReading, refusal }) => isReading && !refusal);
        // Each request that is held follows one that was answered at once.
        await feed.wait(() => readers.every(({ requests }) => mechanism === "sse" || requests > 1), 1_500);
        await delay(250);
        const first = await feed.send();
        await feed.wait(() => readers.every(({ got }) => got.length > 0), 3_500);
        const came = readers.map(({ got }) => (got[0]?.atMs ?? Number.POSITIVE_INFINITY) - first.ackedAt);
        const slowest = Math.max(0, ...came);
        const took = slowest === Number.POSITIVE_INFINITY ? undefined : slowest;
        const deaf = readers[came.indexOf(slowest)]?.exchange;
        t.judge(
          "DL-WAIT-2",
          within(`by ${mechanism}, the slowest of ${CROWD} readers`, took, AT_ONCE_MS),
          deaf,
        );
        await feed.publish(2);
        await t.complete(feed, readers, feed.sent.length);
        const order = feed.sent.map(({ mark }) => mark);
        const worst = readers.find(({ marks }) => faultIn(marks, { order })) ?? readers[0];
        const number = worst ? readers.indexOf(worst) + 1 : 1;
        if (worst) t.judgeReader(worst, { order }, LIVE_ONLY, `reader ${number} of ${CROWD}`);
      }
      if (t.mechanisms.every((one) => one === "poll")) t.notApplicable("readers only poll");
    },
  },
  {
    id: "delivery/reading/other-readers",
    title: "Readers that come and leave change nothing for a reader that stays",
    requirements: ["DL-READ-5"],
    needs: ["readers"],
    async run(t) {
      for (const mechanism of t.mechanisms) {
        if (mechanism === "sse" && (t.target.dialect.sse?.readers ?? 2) < 2) continue;
        const feed = await t.feed();
        const reader = feed.reader(mechanism);
        await t.present(feed, [reader]);
        for (let n = 0; n < VISITS; n += 1) {
          const visitor = feed.reader(mechanism);
          await feed.wait(() => visitor.isReading || visitor.refusal !== undefined, 2_000);
          await feed.publish(2);
          await visitor.stop();
          await feed.publish(1);
        }
        await t.complete(feed, [reader], feed.sent.length);
        t.judgeReader(reader, { order: feed.sent.map(({ mark }) => mark) }, ONLY_READ_5);
      }
    },
  },
];

/** How long the slow reader stops, and how much is published meanwhile. */
const SLOW_MS = 1_500;
const SLOW_STREAM = [100, 55_000] as const;
const SLOW_REQUESTS = [60, 4_000] as const;

/** How many readers come and leave. */
const VISITS = 4;

const LIVE_ONLY = { lost: "DL-READ-1", repeated: "DL-READ-2", reordered: "DL-READ-1" };
const ONLY_READ_4 = { lost: "DL-READ-4", repeated: "DL-READ-4", reordered: "DL-READ-4" };
const ONLY_READ_5 = { lost: "DL-READ-5", repeated: "DL-READ-5", reordered: "DL-READ-5" };
