import { setTimeout as delay } from "node:timers/promises";
import { claim } from "../../../engine/model/claim.ts";
import type { DeliveryTest } from "../context.ts";
import { numberOf } from "../judge.ts";
import { readSome, spread } from "./places.ts";

/** How long to look for messages of another feed. */
const LOOK_MS = 400;

/** Tests that feeds are separate. */
export const feedTests: readonly DeliveryTest[] = [
  {
    id: "delivery/feeds/separate",
    title: "Messages of one feed do not reach readers of another",
    requirements: ["DL-FEED-1"],
    needs: ["feeds"],
    async run(t) {
      if (t.target.dialect.setup && !t.hasNames) t.notApplicable("what is published goes to all sessions");
      const [one, other] = [await t.feed(), await t.feed()];
      const readers = t.mechanisms.map((mechanism) => other.reader(mechanism));
      await t.present(other, readers);
      await one.publish(4);
      await other.publish(2);
      await t.complete(other, readers, other.sent.length);
      await delay(LOOK_MS);
      for (const { mechanism, foreign, exchange } of readers) {
        const leaked = foreign.find((mark) => one.sent.some((sent) => sent.mark === mark));
        const told = leaked === undefined ? "only its own messages" : `${numberOf(leaked)} of the other feed`;
        t.judge(
          "DL-FEED-1",
          claim(leaked === undefined, `by ${mechanism}`, "only its own messages", told),
          exchange,
        );
      }
    },
  },
  {
    id: "delivery/feeds/position-of-another",
    title: "A position of another feed gives no access to its messages",
    requirements: ["DL-FEED-2"],
    needs: ["promise:isolation", "feeds", "resume"],
    async run(t) {
      for (const mechanism of t.mechanisms) {
        const { feed: one, positions } = await readSome(t, mechanism, 4);
        const other = await t.feed();
        await other.publish(2);
        for (const { position } of spread(positions, 2)) {
          const reader = other.reader(mechanism, position);
          await one.publish(1);
          await other.wait(
            () => reader.refusal !== undefined || reader.got.length + reader.foreign.length > 0,
            1_500,
          );
          await delay(LOOK_MS);
          await reader.stop();
          const leaked = reader.foreign.find((mark) => one.sent.some((sent) => sent.mark === mark));
          const told = leaked === undefined ? "none of them" : `${numberOf(leaked)} of the other feed`;
          const what = `by ${mechanism}, at a position of another feed`;
          t.judge(
            "DL-FEED-2",
            claim(leaked === undefined, what, "none of its messages", told),
            reader.exchange,
          );
        }
      }
    },
  },
];
