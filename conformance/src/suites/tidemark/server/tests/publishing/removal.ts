import { draft, publishBody } from "../../../../../engine/drive/driver.ts";
import { claim, same } from "../../../../../engine/model/claim.ts";
import { jsonText } from "../../../../../engine/wire/json.ts";
import { answered, refused } from "../../../read/problem.ts";
import { carriedOut, served } from "../../../read/served.ts";
import { endOf, fill } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** The needs of these tests. */
const NEEDS = ["publishing", "channels"] as const;

/** Removal of channels. */
export const removalTests: readonly TestDefinition[] = [
  {
    id: "server/publishing/removal",
    title: "DELETE is answered 204, even if there is nothing to remove, or refused with method-not-allowed",
    requirements: ["PUB-REMOVE-1"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      await t.publish(channel, [draft(1)]);
      const removed = await t.ask({ method: "DELETE", url: channel.url });
      t.check("PUB-REMOVE-1", answered("the answer to DELETE", removed, 204, 405));
      if (removed.status !== 204) return;
      const read = await t.get(channel, { after: "start" });
      const count = read.status === 200 ? t.pageOf(read).messages.length : 0;
      t.check("PUB-REMOVE-1", same("messages after the removal", count, 0), read);
      const again = await t.ask({ method: "DELETE", url: channel.url });
      t.check("PUB-REMOVE-1", answered("the answer to a second DELETE", again, 204));
    },
  },
  {
    id: "server/publishing/removal-of-nothing-changes-nothing",
    title: "The removal of an open channel without messages changes nothing: its cursor stays valid",
    requirements: ["PUB-REMOVE-2"],
    needs: ["poll", ...NEEDS],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      await t.remove(channel);
      const exchange = await t.get(channel, { after: before });
      t.check("PUB-REMOVE-2", served("the answer to the cursor from before the removal", exchange));
      t.check("PUB-REMOVE-2", same("the end", await endOf(t, channel), before));
    },
  },
  {
    id: "server/publishing/removed-channel-is-empty-and-open",
    title: "After a removal, the channel is empty and open, or answers no-such-channel",
    requirements: ["PUB-REMOVE-3"],
    needs: ["poll", ...NEEDS],
    async run(t) {
      const channel = t.channel();
      await fill(t, channel, 2);
      await t.close(channel);
      await t.remove(channel);
      const exchange = await t.get(channel, { after: "start" });
      if (exchange.status === 404) {
        t.check("PUB-REMOVE-3", refused("the answer after the removal", exchange, "no-such-channel"));
        return;
      }
      t.need(served("the answer after the removal", exchange));
      const page = t.pageOf(exchange);
      t.check("PUB-REMOVE-3", same("messages after the removal", page.messages.length, 0));
      t.check(
        "PUB-REMOVE-3",
        claim(page.closed === undefined, "`closed` after the removal", "absent", jsonText(page.closed)),
      );
      const post = await t.post(channel, publishBody([draft("anew")]));
      t.check("PUB-REMOVE-3", carriedOut("a publish after the removal of a closed channel", post));
    },
  },
];
