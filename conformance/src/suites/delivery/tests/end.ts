import { claim } from "../../../engine/model/claim.ts";
import type { DeliveryTest } from "../context.ts";
import { numberOf } from "../judge.ts";
import type { Reader } from "../read/reader.ts";
import { orderOf } from "./places.ts";

/** How long the report of an end may take. */
const REPORT_MS = 6_000;

/** More messages than a page of most servers has, so that the end is not on the first one. */
const LONG = 60;

/** Tests of the end of a feed. */
export const endTests: readonly DeliveryTest[] = [
  {
    id: "delivery/end/reported",
    title: "Readers learn of the end after the last message",
    requirements: ["DL-END-1", "DL-END-2"],
    needs: ["promise:end", "close"],
    waitsMs: 2_000,
    async run(t) {
      for (const mechanism of t.mechanisms) {
        const feed = await t.feed();
        const present = feed.reader(mechanism);
        await t.present(feed, [present]);
        await feed.batch(t.target.dialect.batch ? LONG : 3);
        await t.close(feed);
        const late = feed.reader(mechanism);
        const pairs: readonly (readonly [Reader, string])[] = [
          [present, "a reader that was there"],
          [late, "a reader that comes later"],
        ];
        for (const [reader, who] of pairs) {
          await t.patiently(
            feed,
            () => reader.ends.length > 0 || reader.refusal !== undefined,
            REPORT_MS + (t.holdMs ?? 0),
          );
          const [end] = reader.ends;
          const told = end ? "reported" : `not reported in ${REPORT_MS / 1_000} s`;
          const claimed = claim(end !== undefined, `by ${mechanism}, the end, to ${who}`, "reported", told);
          if (!t.judge("DL-END-1", { ...claimed, timed: false }, end?.exchange ?? reader.exchange)) continue;
          const before = reader.marks.slice(0, end?.after);
          const missing = orderOf(feed).find((mark) => !before.includes(mark));
          const seen = missing === undefined ? "all messages" : `${numberOf(missing)} had not come`;
          const what = `by ${mechanism}, before the end is reported to ${who}`;
          t.judge("DL-END-2", claim(missing === undefined, what, "all messages", seen), end?.exchange);
        }
      }
    },
  },
];
