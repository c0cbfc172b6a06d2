import { claim } from "../../../engine/model/claim.ts";
import type { StreamTest } from "../context.ts";
import { restartedIn } from "../observe/restarted.ts";
import { needsIds } from "./cuts.ts";

/** Tests that restart the server. They run alone, after all others. */
export const restartTests: readonly StreamTest[] = [
  {
    id: "sse/resuming/restart",
    title: "After a restart, no id names another event",
    requirements: ["ES-RESUME-11"],
    needs: ["restart", "get"],
    exclusive: true,
    async run(t) {
      await t.watched();
      needsIds(t);
      const before = new Map(t.seen.feedOf(t.seen.witness).map(({ id = "", data }) => [id, data]));
      const { fresh, resumed } = await restartedIn(t.seen);
      if (!fresh) return t.unseen("PRECONDITION_FAILED", "the server was not there again in time");
      const events = [fresh, resumed].flatMap((stream) => (stream ? t.seen.feedOf(stream) : []));
      if (events.length === 0) t.unseen("NEEDS_EVENTS", "no event came after the restart");
      const other = events.find(({ id = "", data }) => before.has(id) && before.get(id) !== data);
      const shown = (text: string | undefined): string => JSON.stringify((text ?? "").slice(0, 60));
      const got =
        other === undefined
          ? "no other"
          : `${shown(other.id)} was ${shown(before.get(other.id ?? ""))}, and is ${shown(other.data)}`;
      t.judge(
        "ES-RESUME-11",
        claim(other === undefined, "events that ids name after a restart", "no other", got),
        fresh.exchange,
      );
    },
  },
];
