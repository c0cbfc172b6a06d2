import { oneOrder } from "../../../engine/history/order.ts";
import { type Claim, claim } from "../../../engine/model/claim.ts";
import type { DeliveryTest } from "../context.ts";
import { numberOf, shown, stillToCome } from "../judge.ts";
import { orderOf } from "./places.ts";

/** How many publish at a time, and how many messages each. */
const PUBLISHERS = 6;
const EACH = 4;

/** Tests of the order of messages. */
export const orderTests: readonly DeliveryTest[] = [
  {
    id: "delivery/order/concurrent-publishers",
    title: "Messages of several publishers reach all readers once, in one order",
    requirements: ["DL-ORDER-1", "DL-ORDER-2", "DL-READ-1", "DL-READ-2"],
    async run(t) {
      const feed = await t.feed();
      const readers = t.mechanisms.map((mechanism) => feed.reader(mechanism));
      await t.present(feed, readers);
      const primers = feed.sent.length;
      const each = await Promise.all(Array.from({ length: PUBLISHERS }, () => feed.publish(EACH)));
      await t.complete(feed, readers, feed.sent.length);
      const order = oneOrder(readers.map(({ marks }) => [...new Set(marks)]));
      const told = Array.isArray(order)
        ? "one order"
        : `${numberOf((order as { first: string }).first)} before and after ${numberOf((order as { second: string }).second)}`;
      t.judge(
        "DL-ORDER-1",
        claim(Array.isArray(order), `${readers.length} readers`, "one order", told),
        readers.at(-1)?.exchange,
      );
      for (const reader of readers) {
        const what = `by ${reader.mechanism}, ${PUBLISHERS} publishers`;
        t.judge(
          "DL-READ-1",
          hasEach(
            what,
            reader.marks,
            feed.sent.slice(primers).map(({ mark }) => mark),
          ),
          reader.exchange,
        );
        const twice = reader.marks.find((mark, index) => reader.marks.indexOf(mark) !== index);
        const again = twice === undefined ? "each once" : `${numberOf(twice)} twice`;
        t.judge("DL-READ-2", claim(twice === undefined, what, "each once", again), reader.exchange);
        const wrong = each
          .map((sent) => sent.filter(({ refused }) => refused === undefined).map(({ mark }) => mark))
          .find((own) => own.join() !== reader.marks.filter((mark) => own.includes(mark)).join());
        const isRight =
          wrong === undefined || wrong.some((mark) => !reader.marks.includes(mark)) || twice !== undefined;
        const seen = wrong ? shown(reader.marks.filter((mark) => wrong.includes(mark))) : "in order";
        t.judge(
          "DL-ORDER-2",
          claim(isRight, `${what}, one of them`, shown(wrong ?? []), seen),
          reader.exchange,
        );
      }
    },
  },
  {
    id: "delivery/order/batch",
    title: "Messages that are published together reach all readers once, in their order",
    requirements: ["DL-ORDER-1", "DL-READ-1", "DL-READ-2"],
    needs: ["batch"],
    async run(t) {
      const feed = await t.feed();
      const readers = t.mechanisms.map((mechanism) => feed.reader(mechanism));
      await t.present(feed, readers);
      for (const count of [3, 5, 2]) await feed.batch(count);
      await t.complete(feed, readers, feed.sent.length);
      const later = t.target.promises.start ? t.mechanisms.map((mechanism) => feed.reader(mechanism)) : [];
      await t.complete(feed, later, feed.sent.length);
      const sentences = { lost: "DL-READ-1", repeated: "DL-READ-2", reordered: "DL-ORDER-1" };
      for (const reader of [...readers, ...later])
        t.judgeReader(reader, { order: orderOf(feed) }, sentences, "published together");
    },
  },
  {
    id: "delivery/order/history",
    title: "The history has the order in which messages were delivered live",
    requirements: ["DL-ORDER-3"],
    needs: ["promise:start"],
    async run(t) {
      for (const mechanism of t.mechanisms) {
        const feed = await t.feed();
        const live = feed.reader(mechanism);
        await t.present(feed, [live]);
        await Promise.all(Array.from({ length: PUBLISHERS }, () => feed.publish(EACH)));
        await t.complete(feed, [live], feed.sent.length);
        const later = feed.reader(mechanism);
        await t.complete(feed, [later], live.got.length);
        const due = { order: live.marks };
        t.judgeReader(
          later,
          due,
          { lost: "DL-ORDER-3", repeated: "DL-ORDER-3", reordered: "DL-ORDER-3" },
          "from the start",
        );
      }
    },
  },
];

function hasEach(what: string, got: readonly string[], due: readonly string[]): Claim {
  const missing = due.find((mark) => !got.includes(mark));
  const told = missing === undefined ? "all" : `${numberOf(missing)} is missing`;
  return {
    ...claim(missing === undefined, what, `all ${due.length}`, told),
    ...(missing === undefined ? {} : stillToCome()),
  };
}
