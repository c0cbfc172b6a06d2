import { type Claim, claim, sameList } from "../../engine/model/claim.ts";
import type { Answer } from "../tidemark/client/answers.ts";
import type { ClientContext, Opening } from "../tidemark/client/client-context.ts";
import type { ClientTestDefinition } from "../tidemark/client/client-definition.ts";
import { type Reading, shown } from "../tidemark/client/reading.ts";
import type { ScriptedChannel } from "../tidemark/client/scripted-channel.ts";
import type { SeenRequest } from "../tidemark/client/seen-request.ts";
import { gone } from "./answers.ts";

/** How a client is told to read a stream. */
export const BY = "event-stream";

/** A stream that a client reads. */
export interface Followed {
  readonly channel: ScriptedChannel;
  readonly reading: Reading;
}

/** Let the client read a stream whose requests get these answers, in turn, and then `204`. */
export function follow(t: ClientContext, answers: readonly Answer[], opening: Opening = {}): Followed {
  const channel = t.channel({ script: (_, number) => answers[number - 1] ?? gone });
  return { channel, reading: t.open(channel, BY, opening) };
}

/** Events as text, in the form in which they are compared. */
export function events(list: readonly (readonly [event: string | undefined, data: string])[]): string[] {
  return list.map(([event, data]) => shown(event, data));
}

/** The client delivered exactly these events, in order. Until it ends, missing ones may still be on their way. */
export function delivered(what: string, reading: Reading, wanted: readonly string[]): Claim {
  const { handed, hasEnded } = reading;
  const found = sameList(`events delivered (${what})`, handed, wanted);
  const isOnTheWay = handed.length < wanted.length && handed.every((one, index) => one === wanted[index]);
  return { ...found, timed: isOnTheWay && !hasEnded };
}

/** Wait for request `number` (from 1), or until the client has ended. */
export async function nthRequest(
  t: ClientContext,
  { channel, reading }: Followed,
  number: number,
  limitMs?: number,
): Promise<SeenRequest | undefined> {
  await t.until(() => channel.requests.length >= number || reading.hasEnded, limitMs);
  return channel.requests[number - 1];
}

/** Wait for that request. Without it the test is undecided: another test checks that the client reconnects. */
export async function needRequest(
  t: ClientContext,
  followed: Followed,
  number: number,
  limitMs?: number,
): Promise<SeenRequest> {
  const request = await nthRequest(t, followed, number, limitMs);
  const { reading, channel } = followed;
  const actual = `${channel.requests.length} requests; the client ${reading.ending}`;
  t.need(claim(request !== undefined, "requests", `at least ${number}`, actual));
  return request as SeenRequest;
}

/** The last event id that a request sends; empty if it sends none. */
export function lastIdOf(request: SeenRequest): string {
  const sent = request.header("last-event-id") ?? "";
  // Header fields are bytes; the client has to send UTF-8.
  return new TextDecoder().decode(Uint8Array.from(sent, (character) => character.charCodeAt(0)));
}

/** Wait until the client has delivered this many events, or has ended. */
export async function untilDelivered(t: ClientContext, { reading }: Followed, count: number): Promise<void> {
  await t.until(() => reading.messages.length >= count || reading.hasEnded);
}

/** One test of this suite, in short: every test needs a client of event streams. */
export function defineTest(
  test: Omit<ClientTestDefinition, "needs"> & { readonly needs?: ClientTestDefinition["needs"] },
): ClientTestDefinition {
  return { ...test, id: `sse-client/${test.id}`, needs: [BY, ...(test.needs ?? [])] };
}
