import { draft, publishBody } from "../../../../../engine/drive/driver.ts";
import { claim, same } from "../../../../../engine/model/claim.ts";
import { jsonText } from "../../../../../engine/wire/json.ts";
import { refused } from "../../../read/problem.ts";
import { restart } from "../../context/faults.ts";
import { cursorsOf, fill } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** What a restart keeps besides messages. A server that loses its messages too is free to lose these. */
export const restartKeepsTests: readonly TestDefinition[] = [
  {
    id: "server/publishing/restart-keeps-the-closed-state",
    title: "A closed channel whose messages survive a restart is still closed",
    requirements: ["POLL-PAGE-9", "PUB-CLOSE-2"],
    needs: ["poll", "publishing", "channels", "provoke"],
    exclusive: true,
    async run(t) {
      const channel = t.channel();
      const last = cursorsOf(await fill(t, channel, 2)).at(-1) ?? "";
      await t.close(channel);
      await restart(t, channel);
      const read = await t.get(channel, { after: last });
      if (read.status === 410) return t.notApplicable("the messages did not survive the restart");
      const page = t.pageOf(read);
      t.check(
        "POLL-PAGE-9",
        claim(page.closed === true, "`closed` after the restart", "true", jsonText(page.closed)),
        read,
      );
      const post = await t.post(channel, publishBody([draft("late")]));
      t.check("PUB-CLOSE-2", refused("a publish after the restart", post, "closed"), post);
    },
  },
  {
    id: "server/publishing/restart-keeps-the-keys",
    title: "A publish that is repeated after a restart appends nothing, if the messages survived",
    requirements: ["PUB-KEY-1"],
    needs: ["poll", "keys", "channels", "provoke"],
    exclusive: true,
    async run(t) {
      const channel = t.channel();
      const key = `"conformance-${Math.floor(t.random() * 2 ** 48).toString(36)}"`;
      const publish = () => t.post(channel, publishBody([draft("once")]), [["Idempotency-Key", key]]);
      const first = await publish();
      t.need(same("the status of the publish", first.status, 200));
      await restart(t, channel);
      const before = await t.page(channel, { after: "start" });
      if (before.messages.length === 0) return t.notApplicable("the message did not survive the restart");
      const again = await publish();
      const count = (await t.page(channel, { after: "start" })).messages.length;
      t.check("PUB-KEY-1", same("the body of the second answer", again.text, first.text), again);
      t.check("PUB-KEY-1", same("messages after the repetition", count, before.messages.length), again);
    },
  },
];
