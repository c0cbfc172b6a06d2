import { claim, same } from "../../../../../engine/model/claim.ts";
import { member, parseJson } from "../../../../../engine/wire/json.ts";
import { refused } from "../../../read/problem.ts";
import { carriedOut } from "../../../read/served.ts";
import { cursorsOf, endOf, fill } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** `close` without messages, together with `after`. */
export const closingTests: readonly TestDefinition[] = [
  {
    id: "server/publishing/close-alone-obeys-after",
    title:
      "A publish of only close is refused if after is not the end, before and after the channel is closed",
    requirements: ["PUB-AFTER-1", "PUB-CLOSE-1"],
    needs: ["publishing", "channels"],
    async run(t) {
      const channel = t.channel();
      const [first = "", last = ""] = cursorsOf(await fill(t, channel, 2));
      const close = (after: string) => t.post(channel, JSON.stringify({ close: true, after }));
      const stale = await close(first);
      t.check("PUB-AFTER-1", refused("close with an old after", stale, "not-at-end"), stale);
      t.need(same("the end after the refusal", await endOf(t, channel), last));
      const done = await close(last);
      t.check("PUB-CLOSE-1", carriedOut("close with after at the end", done), done);
      t.check("PUB-CLOSE-1", claim(isClosed(done.text), "`closed` of its answer", "true", done.text), done);
      const again = await close(last);
      t.check("PUB-CLOSE-1", carriedOut("the same at the closed end", again), again);
      const late = await close(first);
      t.check("PUB-AFTER-1", refused("close with an old after, once closed", late, "not-at-end"), late);
    },
  },
];

function isClosed(text: string): boolean {
  return member(parseJson(text), "closed") === true;
}
