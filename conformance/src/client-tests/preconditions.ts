import type { Answer } from "../client/answers.ts";
import type { ClientContext } from "../client/client-context.ts";
import { claim, same } from "../model/claim.ts";
import { handedOn, meet, untilHanded, type Way } from "./following.ts";

/** What a test rests on: the client gets over this; else it decides nothing, and the test of that has found it. */
export async function needsRecovery(t: ClientContext, way: Way, name: string, fault: Answer): Promise<void> {
  const { reading, messages } = meet(t, way, fault);
  await untilHanded(t, reading, messages.length);
  const isOver = handedOn(reading, messages).ok;
  const what = `what this test rests on: after ${name} the client`;
  t.need(claim(isOver, what, "goes on and misses nothing", reading.ending));
}

/** What a test rests on: the client ends with an error here. */
export async function needsEnd(t: ClientContext, way: Way, name: string, refusal: Answer): Promise<void> {
  const { channel, reading } = meet(t, way, refusal, 9);
  await t.until(() => reading.hasEnded || channel.requests.length > 2);
  t.need(same(`what this test rests on: after ${name} the client`, reading.ending, "ended with an error"));
}
