import { claim } from "../../../engine/model/claim.ts";
import type { StreamTest } from "../context.ts";
import { readOtherSession } from "../observe/other-session.ts";
import { needsIds } from "./cuts.ts";

/** Tests with a second session. */
export const sessionTests: readonly StreamTest[] = [
  {
    id: "sse/resuming/isolation",
    title: "An id gives no access to the events of another session",
    requirements: ["ES-RESUME-10"],
    needs: ["sessions"],
    async run(t) {
      await t.watched();
      needsIds(t);
      const { isolation } = t.target.settings.promises;
      if (isolation === undefined) t.notApplicable("the server does not promise isolation=session");
      const stream = await readOtherSession(t.seen);
      if (!stream) return t.unseen("NEEDS_RESUME_URL", "nobody says where to request this stream again");
      const ours = new Set(t.seen.feedOf(t.seen.witness).map(({ id, data }) => `${id} ${data}`));
      const leaked = stream.events.find(({ id, data }) => ours.has(`${id} ${data}`));
      const got = leaked === undefined ? "none" : `id ${JSON.stringify(leaked.id)} of the first session`;
      t.judge(
        "ES-RESUME-10",
        claim(leaked === undefined, "events of another session", "none", got),
        stream.exchange,
      );
    },
  },
];
