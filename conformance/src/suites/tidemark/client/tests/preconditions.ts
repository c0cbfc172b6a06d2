import { claim, same } from "../../../../engine/model/claim.ts";
import type { Answer } from "../answers.ts";
import type { ClientContext } from "../client-context.ts";
import { handedOn, meet, untilHanded, type Way } from "./following.ts";

/** A precondition: the client recovers from this fault. If not, this test is undecided; another one tests the fault. */
export async function needsRecovery(t: ClientContext, way: Way, name: string, fault: Answer): Promise<void> {
  const { reading, messages } = meet(t, way, fault);
  await untilHanded(t, reading, messages.length);
  const isOver = handedOn(reading, messages).ok;
  const what = `precondition: after ${name} the client`;
  t.need(claim(isOver, what, "retries and misses nothing", reading.ending));
}

/** A precondition: the client ends with an error at this refusal. */
export async function needsEnd(t: ClientContext, way: Way, name: string, refusal: Answer): Promise<void> {
  const { channel, reading } = meet(t, way, refusal, 9);
  await t.until(() => reading.hasEnded || channel.requests.length > 2);
  t.need(same(`precondition: after ${name} the client`, reading.ending, "ended with an error"));
}
