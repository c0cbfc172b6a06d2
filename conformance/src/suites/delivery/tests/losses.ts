import { claim } from "../../../engine/model/claim.ts";
import type { DeliveryContext, DeliveryTest } from "../context.ts";
import type { Mechanism } from "../dialect/dialect.ts";
import { type Position, positionOf } from "../dialect/places.ts";
import type { Feed } from "../feed.ts";
import { readSome } from "./places.ts";

/** How long a response to a position may take that the server has to refuse. */
const ANSWER_MS = 5_000;

/** How many messages stay when old ones are dropped. */
const KEEP = 2;

/** Ask with a position, and judge whether the server refuses it or reports a loss. */
async function isReported(
  t: DeliveryContext,
  id: string,
  feed: Feed,
  mechanism: Mechanism,
  position: Position,
  what: string,
): Promise<void> {
  const reader = feed.reader(mechanism, position);
  const isTold = (): boolean => reader.refusal !== undefined || reader.losses.length > 0;
  await feed.wait(() => isTold() || reader.got.length > 0, ANSWER_MS);
  await reader.stop();
  const { refusal, losses, got } = reader;
  const told = refusal
    ? `refused with ${refusal.status ?? refusal.failure}`
    : losses.length > 0
      ? "a report"
      : got.length > 0
        ? `${got.length} messages, as if nothing were missing`
        : "nothing, as if the feed were empty";
  t.judge(id, claim(isTold(), what, "a refusal or a report", told), refusal ?? losses[0] ?? reader.exchange);
}

/** Tests of what a server says about messages that it does not have. */
export const lossTests: readonly DeliveryTest[] = [
  {
    id: "delivery/losses/unknown-position",
    title: "A position that no feed has is refused, or reported",
    requirements: ["DL-LOSS-1"],
    needs: ["promise:unknown-position"],
    async run(t) {
      const tried = t.mechanisms.filter((one) => t.target.dialect[one]?.position?.unknown !== undefined);
      if (tried.length === 0) t.unseen("NEEDS_UNKNOWN", "the dialect names no unknown position");
      for (const mechanism of tried) {
        const unknown = positionOf(t.target.dialect[mechanism]?.position?.unknown);
        const feed = await t.feed();
        await feed.publish(3);
        if (unknown)
          await isReported(t, "DL-LOSS-1", feed, mechanism, unknown, `by ${mechanism}, an unknown position`);
        if (!t.hasNames || t.target.promises.isolation === undefined) continue;
        const [other] = (await readSome(t, mechanism, 2)).positions.slice(-1);
        const what = `by ${mechanism}, a position of another feed`;
        if (other) await isReported(t, "DL-LOSS-1", feed, mechanism, other.position, what);
      }
    },
  },
  {
    id: "delivery/losses/lost-history",
    title: "A position whose messages are gone is refused, or reported",
    requirements: ["DL-LOSS-2"],
    needs: ["promise:lost-history", "loss", "resume"],
    async run(t) {
      for (const mechanism of t.mechanisms) {
        const { feed, positions } = await readSome(t, mechanism, 5);
        const known = positions.find(({ from }) => from > 0 && from < 3);
        if (!known) continue;
        await t.lose(feed, KEEP);
        await isReported(
          t,
          "DL-LOSS-2",
          feed,
          mechanism,
          known.position,
          `by ${mechanism}, a position before what was dropped`,
        );
      }
    },
  },
];
