import { type Claim, claim, sameList } from "../../../../../engine/model/claim.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import { refused } from "../../../read/problem.ts";
import type { TestContext } from "../../context/context.ts";
import { restart } from "../../context/faults.ts";
import { cursorsOf, fill, numbers, readOn, readOnce, type Way, waysOf } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

const FILLED = 5;

/** A channel of five messages after a restart: its cursors before, and those that are left. */
async function restarted(t: TestContext): Promise<{
  readonly channel: Channel;
  readonly before: readonly string[];
  readonly left: readonly string[];
}> {
  const channel = t.channel();
  const before = cursorsOf(await fill(t, channel, FILLED));
  await restart(t, channel);
  const [way = "poll"] = waysOf(t);
  const left = cursorsOf(await readOn(t, channel, way, "start", (read) => read.length >= FILLED));
  return { channel, before, left };
}

/** Whether nothing was lost, and every message kept its cursor. */
function isBeginning(left: readonly string[], before: readonly string[]): boolean {
  return before.every((cursor, index) => left[index] === cursor);
}

/** The messages after the second one are the same as before the restart. */
async function follows(
  t: TestContext,
  channel: Channel,
  way: Way,
  before: readonly string[],
): Promise<Claim> {
  const enough = (read: readonly unknown[]): boolean => read.length >= before.length - 2;
  const read = await readOn(t, channel, way, before[1] ?? "", enough);
  return sameList(`the messages after the second one, by ${way}`, cursorsOf(read), before.slice(2));
}

/** What a restart may do to a channel. */
export const restartTests: readonly TestDefinition[] = [
  {
    id: "server/publishing/restart-keeps-or-tells",
    title: "Acknowledged messages still follow their cursors after a restart, or the read is a gap",
    requirements: ["PUB-DONE-6"],
    needs: ["publish", "channels", "provoke"],
    exclusive: true,
    async run(t) {
      const { channel, before, left } = await restarted(t);
      const kept = isBeginning(left, before);
      for (const way of waysOf(t)) {
        const exchange = await readOnce(t, channel, way, before[1] ?? "");
        if (exchange.status === 410) {
          t.check(
            "PUB-DONE-6",
            refused(`the answer by ${way} to a cursor from before the restart`, exchange, "gap"),
            exchange,
          );
          continue;
        }
        const claimed = await follows(t, channel, way, before);
        t.check("PUB-DONE-6", claimed);
      }
      t.note(kept ? "the messages survived the restart" : `${left.length} of ${FILLED} messages were left`);
    },
  },
  {
    id: "server/core/restart-keeps-cursors",
    title: "If messages survive a restart with their cursors, the same messages follow each cursor as before",
    requirements: ["CORE-CURSOR-2"],
    needs: ["publish", "channels", "provoke"],
    exclusive: true,
    async run(t) {
      const { channel, before, left } = await restarted(t);
      if (!isBeginning(left, before)) return t.notApplicable("the messages did not survive the restart");
      for (const way of waysOf(t)) t.check("CORE-CURSOR-2", await follows(t, channel, way, before));
    },
  },
  {
    id: "server/core/restart-that-loses-is-a-new-epoch",
    title: "If a restart lost messages, every cursor from before the restart is a gap",
    requirements: ["CORE-CHANNEL-4"],
    needs: ["publish", "channels", "provoke"],
    exclusive: true,
    async run(t) {
      const { channel, before, left } = await restarted(t);
      if (isBeginning(left, before)) return t.notApplicable("the restart lost nothing");
      for (const way of waysOf(t))
        for (const cursor of before) {
          const exchange = await readOnce(t, channel, way, cursor);
          const what = `the answer by ${way} to a cursor from before the restart`;
          t.check("CORE-CHANNEL-4", refused(what, exchange, "gap"), exchange);
        }
    },
  },
  {
    id: "server/core/restart-reuses-no-cursor",
    title: "Messages that are published after a restart have new cursors",
    requirements: ["CORE-CURSOR-3"],
    needs: ["publish", "channels", "provoke"],
    exclusive: true,
    async run(t) {
      const channel = t.channel();
      const before = cursorsOf(await fill(t, channel, FILLED));
      await restart(t, channel);
      await t.publish(channel, numbers(FILLED));
      const [way = "poll"] = waysOf(t);
      const all = await readOn(t, channel, way, "start", (read) => read.length >= 2 * FILLED);
      const fresh = cursorsOf(all).slice(-FILLED);
      const reused = fresh.filter((cursor) => before.includes(cursor));
      const what = "cursors of new messages that old messages had";
      t.check("CORE-CURSOR-3", claim(reused.length === 0, what, "none", reused.join(" ")));
    },
  },
];
