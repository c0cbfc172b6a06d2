import { claim, notBefore } from "../../../../../engine/model/claim.ts";
import { describe } from "../../../read/page.ts";
import type { TestContext } from "../../context/context.ts";
import { GRACE_MS, shortestMs, spanToHead } from "../../context/hold.ts";
import { fill, wakeWaitS } from "../../context/log.ts";
import { isTurnedAway } from "../../context/refusals.ts";
import type { TestDefinition } from "../../definition.ts";

/** The longest hold of a thorough run, in seconds. */
const LONGEST_S = 90;

/** The whole claimed wait in a thorough run, otherwise as much as the limits of the run allow. */
function longestWaitS(t: TestContext): number {
  const claimedS = t.target.claims.maxWaitS ?? 0;
  const waitS = t.target.thorough ? Math.min(LONGEST_S, claimedS) : 0;
  const heldS = Math.max(waitS, wakeWaitS(t));
  if (heldS < claimedS)
    t.note(
      `held for ${heldS} s of the claimed ${claimedS} s${t.target.thorough ? "" : "; --thorough holds longer"}`,
    );
  return heldS;
}

/** The claimed wait, as far as the limits of the run allow it. */
export const wholeWaitTests: readonly TestDefinition[] = [
  {
    id: "server/long-polling/holds-as-long-as-claimed",
    title: "A hold of the longest wait ends with an empty page, and is not cut before by anything on the way",
    requirements: ["LP-WAIT-2", "LP-WAIT-3"],
    needs: ["long-poll", "publish", "channels"],
    waitsMs: LONGEST_S * 1_000 + GRACE_MS,
    async run(t) {
      const channel = t.channel();
      const [message] = await fill(t, channel, 1);
      const waitS = longestWaitS(t);
      const held = t.hold(channel, { after: message?.cursor ?? "", wait: waitS });
      await t.finish(held, waitS * 1_000 + GRACE_MS);
      if (isTurnedAway(held)) t.notApplicable("the server ended the hold to shed connections");
      const isCut = held.ending === "cut" || held.ending === "reset";
      const seen = isCut ? `${held.ending} after ${Math.round(held.endedAtMs ?? 0)} ms` : describe(held);
      const ok = held.status === 200 && held.ending === "complete";
      t.check("LP-WAIT-2", claim(ok, `the answer to wait=${waitS}`, "200 with an empty page", seen), held);
      if (ok) t.check("LP-WAIT-3", notBefore("the empty page", spanToHead(held), shortestMs(waitS)), held);
    },
  },
];
