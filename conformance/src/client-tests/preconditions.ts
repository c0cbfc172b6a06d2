import type { Answer } from "../client/answers.ts";
import type { ClientContext } from "../client/client-context.ts";
import { same } from "../model/claim.ts";
import { handedOn, meet, untilHanded, type Way } from "./following.ts";

/** What a test rests on: the client gets over this; else it decides nothing, and the test of that has found it. */
export async function needsRecovery(t: ClientContext, way: Way, fault: Answer): Promise<void> {
  const { reading, messages } = meet(t, way, fault);
  await untilHanded(t, reading, messages.length);
  t.need(handedOn(reading, messages));
}

/** What a test rests on: the client ends with an error here. */
export async function needsEnd(t: ClientContext, way: Way, refusal: Answer): Promise<void> {
  const { channel, reading } = meet(t, way, refusal, 9);
  await t.until(() => reading.hasEnded || channel.requests.length > 2);
  t.need(same("after a refusal the client", reading.ending, "ended with an error"));
}
