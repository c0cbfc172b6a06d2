import { restart } from "../../context/faults.ts";
import { cursorsOf, fill, readOn, waysOf } from "../../context/log.ts";
import { readOnce } from "../../context/read-once.ts";
import { claim, sameList } from "../../model/claim.ts";
import { refused } from "../../read/problem.ts";
import type { TestDefinition } from "../../run/definition.ts";
import { numbers } from "../../context/log.ts";

const FILLED = 5;

/** What a restart may and may not do. */
export const restartTests: readonly TestDefinition[] = [
  {
    id: "server/provoke/restart-keeps-or-tells",
    title: "After a restart a cursor of before yields exactly what followed it, or a gap is told",
    requirements: ["PUB-DONE-6", "CORE-CHANNEL-4", "CORE-CURSOR-2"],
    needs: ["publish", "channels", "provoke"],
    exclusive: true,
    async run(t) {
      const channel = t.channel();
      const before = cursorsOf(await fill(t, channel, FILLED));
      await restart(t, channel);
      const [way = "poll"] = waysOf(t);
      const left = cursorsOf(await readOn(t, channel, way, "start", (read) => read.length >= FILLED));
      const kept = before.every((cursor, index) => left[index] === cursor);
      t.note(kept ? "the messages outlived the restart" : `${left.length} of ${FILLED} messages were left`);
      for (const each of waysOf(t)) {
        const exchange = await readOnce(t, channel, each, before[1] ?? "");
        const gap = refused(`the answer by ${each} to a cursor of before`, exchange, "gap");
        if (!kept) {
          t.check("CORE-CHANNEL-4", gap, exchange);
          t.check("PUB-DONE-6", gap, exchange);
          continue;
        }
        const done = (read: readonly unknown[]): boolean => read.length >= FILLED - 2;
        const follows = cursorsOf(await readOn(t, channel, each, before[1] ?? "", done));
        const claimed = sameList(`what follows a cursor of before, by ${each}`, follows, before.slice(2));
        t.check("CORE-CURSOR-2", claimed, exchange);
        t.check("PUB-DONE-6", claimed, exchange);
      }
    },
  },
  {
    id: "server/provoke/restart-reuses-no-cursor",
    title: "Messages after a restart have cursors that no message before it had",
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
      const what = "cursors of new messages that old ones had";
      t.check("CORE-CURSOR-3", claim(reused.length === 0, what, "none", reused.join(" ")));
    },
  },
];
