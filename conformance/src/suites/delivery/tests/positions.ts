import { claim } from "../../../engine/model/claim.ts";
import type { DeliveryContext, DeliveryTest } from "../context.ts";
import type { Feed } from "../feed.ts";
import { faultIn } from "../judge.ts";
import type { Reader } from "../read/reader.ts";
import { type Known, orderOf, readSome, spread } from "./places.ts";

/** How many messages are read before positions are tried, and how many positions are tried. */
const MESSAGES = 8;
const TRIED = 5;

const sentence = (id: string) => ({ lost: id, repeated: id, reordered: id });

/** Whether the server accepts the position; the sentence is judged. */
function accepted(t: DeliveryContext, id: string, reader: Reader, what: string): boolean {
  const { refusal, losses } = reader;
  const status = refusal ? String(refusal.status ?? refusal.failure) : "accepted";
  const told = losses.length > 0 && reader.got.length === 0 ? "a report of a loss" : status;
  const isOk = refusal === undefined && !(losses.length > 0 && reader.got.length === 0);
  return t.judge(id, claim(isOk, what, "accepted", told), refusal ?? reader.exchange);
}

/** Read on from a position while more is published. */
async function readOn(
  t: DeliveryContext,
  feed: Feed,
  { position, from }: Known,
  by: Reader,
): Promise<Reader> {
  const later = feed.reader(by.mechanism, position);
  await feed.publish(2);
  await t.complete(feed, [later], feed.sent.length - from);
  await later.stop();
  return later;
}

/** Tests of positions. */
export const positionTests: readonly DeliveryTest[] = [
  {
    id: "delivery/positions/each-position",
    title: "After each position come exactly the messages behind it, while more are published",
    requirements: ["DL-POS-1", "DL-POS-2"],
    needs: ["resume"],
    async run(t) {
      for (const mechanism of t.mechanisms) {
        const { feed, reader, positions } = await readSome(t, mechanism, MESSAGES);
        for (const known of spread(positions, TRIED)) {
          const later = await readOn(t, feed, known, reader);
          const what = `by ${mechanism}, after message ${known.from}`;
          if (!accepted(t, "DL-POS-1", later, what)) break;
          t.judgeReader(
            later,
            { order: orderOf(feed), from: known.from },
            sentence("DL-POS-2"),
            `after message ${known.from}`,
          );
          if (faultIn(later.marks, { order: orderOf(feed), from: known.from })) break;
        }
      }
    },
  },
  {
    id: "delivery/positions/cut",
    title: "A reader that is cut at any byte continues without a loss and without a repetition",
    requirements: ["DL-POS-3"],
    needs: ["resume"],
    async run(t) {
      for (const mechanism of t.mechanisms) {
        const feed = await t.feed();
        const reader = feed.reader(mechanism);
        await t.present(feed, [reader]);
        if (reader.position === undefined) continue;
        for (let n = 0; n < CUTS; n += 1) {
          reader.cutNext(Math.floor(t.random() * CUT_BYTES));
          const wanted = n + 1;
          for (let tries = 0; tries < 5 && reader.cuts < wanted; tries += 1) {
            await feed.batch(3);
            await feed.wait(() => reader.cuts >= wanted, 200);
          }
          await feed.publish(1);
        }
        await t.complete(feed, [reader], feed.sent.length);
        t.judgeReader(reader, { order: orderOf(feed) }, sentence("DL-POS-3"), `cut ${reader.cuts} times`);
        if (mechanism !== "sse" || t.target.promises.start === undefined) continue;
        const early = EARLY.map((bytes) => {
          const one = feed.reader(mechanism);
          one.cutNext(bytes);
          return one;
        });
        await t.complete(feed, early, feed.sent.length);
        for (const one of early)
          t.judgeReader(one, { order: orderOf(feed) }, sentence("DL-POS-3"), "cut at the beginning");
      }
    },
  },
  {
    id: "delivery/positions/asked-again",
    title: "A request that is repeated gets the same messages",
    requirements: ["DL-POS-4"],
    needs: ["resume"],
    async run(t) {
      for (const mechanism of t.mechanisms) {
        const { feed, reader, positions } = await readSome(t, mechanism, 4);
        const known = positions.find(({ from }) => from < feed.sent.length);
        if (!known) continue;
        const due = { order: orderOf(feed), from: known.from };
        const readers: Reader[] = [];
        for (let n = 0; n < 2; n += 1) {
          const again = feed.reader(reader.mechanism, known.position);
          readers.push(again);
          await t.complete(feed, [again], feed.sent.length - known.from);
          await again.stop();
        }
        const [first, second] = readers;
        if (!first || !second || faultIn(first.marks, due)) continue; // DL-POS-2 has this finding
        t.judgeReader(second, due, sentence("DL-POS-4"), "asked again");
      }
    },
  },
  {
    id: "delivery/positions/from-the-start",
    title: "The history and the live messages meet without a loss and without a repetition",
    requirements: ["DL-POS-5"],
    needs: ["promise:start"],
    async run(t) {
      for (const mechanism of t.mechanisms) {
        const feed = await t.feed();
        await feed.publish(5);
        const readers: Reader[] = [];
        const joining = async (): Promise<void> => {
          for (const after of [6, 12, 18, 24]) {
            await feed.wait(() => feed.sent.length >= after, 4_000);
            readers.push(feed.reader(mechanism));
          }
        };
        await Promise.all([feed.publish(30), joining()]);
        await t.complete(feed, readers, feed.sent.length);
        for (const reader of readers)
          t.judgeReader(reader, { order: orderOf(feed) }, sentence("DL-POS-5"), "from the start");
      }
    },
  },
  {
    id: "delivery/positions/long-history",
    title: "A long history is read without a loss and without a repetition",
    requirements: ["DL-POS-5"],
    needs: ["promise:start"],
    async run(t) {
      const feed = await t.feed();
      for (let n = 0; n < LONG; n += LONG / 2) await feed.batch(t.target.dialect.batch ? LONG / 2 : LONG / 5);
      const readers = t.mechanisms.map((mechanism) => feed.reader(mechanism));
      await t.complete(feed, readers, feed.sent.length);
      await feed.publish(1);
      await t.complete(feed, readers, feed.sent.length);
      for (const reader of readers)
        t.judgeReader(
          reader,
          { order: orderOf(feed) },
          sentence("DL-POS-5"),
          `a history of ${feed.sent.length}`,
        );
    },
  },
  {
    id: "delivery/positions/every-mechanism",
    title: "A position names the same place in every mechanism",
    requirements: ["DL-POS-6"],
    needs: ["promise:positions"],
    async run(t) {
      const { mechanisms } = t;
      if (mechanisms.length < 2) t.notApplicable("there is one mechanism");
      for (const mechanism of mechanisms) {
        const { feed, positions } = await readSome(t, mechanism, 4);
        for (const other of mechanisms.filter((one) => one !== mechanism))
          for (const known of spread(positions, 2)) {
            const later = feed.reader(other, known.position);
            await feed.publish(1);
            await t.complete(feed, [later], feed.sent.length - known.from);
            await later.stop();
            if (!accepted(t, "DL-POS-6", later, `a position of ${mechanism}, by ${other}`)) continue;
            const due = { order: orderOf(feed), from: known.from };
            t.judgeReader(later, due, sentence("DL-POS-6"), `after a position of ${mechanism}`);
          }
      }
    },
  },
  {
    id: "delivery/positions/restart",
    title: "After a restart, a position names the same place",
    requirements: ["DL-POS-7"],
    needs: ["promise:restart", "restart", "resume"],
    exclusive: true,
    async run(t) {
      const before = [];
      for (const mechanism of t.mechanisms) before.push(await readSome(t, mechanism, 4));
      await t.restart();
      for (const { feed, reader, positions } of before)
        for (const known of spread(positions, 2)) {
          const later = await readOn(t, feed, known, reader);
          if (later.losses.length > 0) continue; // it is told
          const due = { order: orderOf(feed), from: known.from };
          t.judgeReader(later, due, sentence("DL-POS-7"), "after a restart");
        }
    },
  },
];

/** The length of a history that fills more than one page of most servers. */
const LONG = 160;

/** Cuts in what a stream sends before its first message, and soon after. */
const EARLY = [40, 90, 140, 190, 260] as const;

/** How often a reader is cut, at most after so many bytes. */
const CUTS = 5;
const CUT_BYTES = 240;
