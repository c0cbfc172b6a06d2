import { type Answer, beginStream, CLAIMS, page, stream, tidemarkHeaders } from "../client/answers.ts";
import { block, closedBlock, messageBlock, openBlock } from "../client/block-text.ts";
import type { ClientContext, Opening } from "../client/client-context.ts";
import type { ClientTestDefinition } from "../client/client-definition.ts";
import { type Reading, shown } from "../client/reading.ts";
import { BEGINNING, type ScriptedChannel } from "../client/scripted-channel.ts";
import { numbered, type ScriptedMessage } from "../client/scripted-log.ts";
import type { SeenRequest } from "../client/seen-request.ts";
import { type Claim, claim, same, sameList } from "../model/claim.ts";
import { utf8 } from "../wire/bytes.ts";

/** A mechanism that a client follows a channel by. */
export type Way = "poll" | "long-poll" | "sse";

/** Every mechanism. */
export const WAYS: readonly Way[] = ["poll", "long-poll", "sse"];

/** A test for each mechanism; its name stands in the id. */
export function eachWay(make: (way: Way) => ClientTestDefinition): ClientTestDefinition[] {
  return WAYS.map(make);
}

/** Messages in the form in which what a client hands on is compared. */
export function shownAll(messages: readonly ScriptedMessage[]): string[] {
  return messages.map(({ event, json }) => shown(event, JSON.parse(json)));
}

/** What the client handed on is exactly these messages, in order. What is missing may still be on its way, until it ends. */
export function handedOn(reading: Reading, messages: readonly ScriptedMessage[]): Claim {
  const found = sameList("messages handed on", reading.handed, shownAll(messages));
  return { ...found, timed: !reading.hasEnded && reading.messages.length < messages.length };
}

/**
 * The client handed on these messages: none is missing, and nothing else came. Where some came again, or in another order,
 * the test decides nothing: others are for that.
 */
export function received(
  t: ClientContext,
  requirement: string,
  reading: Reading,
  messages: readonly ScriptedMessage[],
  request?: SeenRequest,
): boolean {
  const places = reading.handed.map((message) => shownAll(messages).indexOf(message));
  const isForeign = places.includes(-1);
  const isAscending = places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
  const found = handedOn(reading, messages);
  if (!isForeign && !isAscending) t.need(found);
  return t.check(requirement, found, request);
}

/** The request reads on from this position. One that did not come may still be on its way, until the client ends. */
export function positionOf(
  what: string,
  request: SeenRequest | undefined,
  expected: string | undefined,
  reading: Reading,
): Claim {
  const found = same(`position of ${what}`, request?.position, expected);
  if (request !== undefined) return found;
  return { ...found, actual: `no request; the client ${reading.ending}`, timed: !reading.hasEnded };
}

/** Wait until so many messages were handed on, or the client has ended. */
export async function untilHanded(t: ClientContext, reading: Reading, count: number): Promise<void> {
  await t.until(() => reading.messages.length >= count || reading.hasEnded);
}

/** Wait until the client has ended; what it tells comes in order, so that it has then told everything. */
export async function untilOver(t: ClientContext, reading: Reading): Promise<void> {
  await t.until(() => reading.hasEnded);
}

/** Wait for the request with this number (from 1); undefined when it does not come. */
export async function nthRequest(
  t: ClientContext,
  channel: ScriptedChannel,
  number: number,
  reading?: Reading,
  limitMs?: number,
): Promise<SeenRequest | undefined> {
  await t.until(() => channel.requests.length >= number || reading?.hasEnded === true, limitMs);
  return channel.requests[number - 1];
}

/** Where the answer to this request begins: at the cursor that was asked for. */
export function beginOf({ position = "start" }: SeenRequest): string {
  return position === "start" || position === "end" ? BEGINNING : position;
}

/** Some of a channel, so that the client asks on at once: a page with `more`, or a stream that ends. */
export function part(way: Way, messages: readonly ScriptedMessage[], claims: string | null = CLAIMS): Answer {
  const blocks = messages.map((message) => messageBlock(message)).join("");
  return (reply) => {
    const from = beginOf(reply.request);
    const cursor = messages.at(-1)?.cursor ?? from;
    const answer =
      way === "sse"
        ? stream(openBlock(from) + blocks, { claims })
        : page({ messages, cursor, more: true }, claims);
    answer(reply);
  };
}

/** A stream that says that the channel has ended where it was asked. */
export const ended: Answer = (reply) => {
  const from = beginOf(reply.request);
  stream(openBlock(from) + closedBlock(from))(reply);
};

/** The end of a closed channel in the way of a mechanism. */
export function closing(way: Way, messages: readonly ScriptedMessage[], from: string): Answer {
  const cursor = messages.at(-1)?.cursor ?? from;
  if (way !== "sse") return page({ messages, cursor, closed: true });
  const blocks = messages.map((message) => messageBlock(message)).join("");
  return stream(openBlock(from) + blocks + closedBlock(cursor));
}

/** A block that moves the position and nothing else. */
export function bookmark(id: string): string {
  return block({ id });
}

/** A channel of four messages that is closed: two in the first answer, then `fault`, then the rest. */
export interface Faulty {
  readonly channel: ScriptedChannel;
  readonly reading: Reading;
  readonly messages: readonly ScriptedMessage[];
  /** Where the client is when the fault comes. */
  readonly received: string;
}

/** Open a channel whose second request (and those after it, `times` in all) meets a fault. */
export function meet(t: ClientContext, way: Way, fault: Answer, times = 1, opening: Opening = {}): Faulty {
  const messages = numbered(4);
  const first = messages.slice(0, 2);
  const channel = t.channel({
    messages,
    closed: true,
    script: (_, number) => {
      if (number === 1) return part(way, first);
      return number <= 1 + times ? fault : undefined;
    },
  });
  const position = first.at(-1)?.cursor ?? BEGINNING;
  return { channel, reading: t.open(channel, way, opening), messages, received: position };
}

/** The client tries again from *received* after the fault, and hands on everything once: the positive finding. */
export async function recovers(
  t: ClientContext,
  requirement: string,
  name: string,
  faulty: Faulty,
): Promise<void> {
  const { channel, reading, messages, received: position } = faulty;
  const again = await nthRequest(t, channel, 3, reading);
  t.need(same("position of the request before the fault", channel.requests[1]?.position, position));
  t.check(requirement, positionOf(`the request after ${name}`, again, position, reading), again);
  await untilHanded(t, reading, messages.length);
  received(t, requirement, reading, messages);
}

/** {@link recovers} for several faults, each at a channel of its own. */
export async function recoverAll(
  t: ClientContext,
  requirement: string,
  faults: readonly NamedFault[],
): Promise<void> {
  await Promise.all(faults.map(({ name, faulty }) => recovers(t, requirement, name, faulty)));
}

/** A fault that a client met, in words. */
export interface NamedFault {
  readonly name: string;
  readonly faulty: Faulty;
}

/** The client handed on each message once and in order. One that gave up did not get so far, for which others are. */
export function handedOnce(
  t: ClientContext,
  reading: Reading,
  messages: readonly ScriptedMessage[],
): boolean {
  const found = handedOn(reading, messages);
  if (reading.failure !== undefined) t.need(found);
  return t.check("CLI-ORDER-1", found);
}

/** An answer that is cut inside. */
export function cutAnswer(way: Way): Answer {
  return (reply) => {
    if (way === "sse") beginStream(reply);
    else reply.begin(200, [...tidemarkHeaders(), ["Content-Type", "application/json"]]);
    reply.chunk(utf8(way === "sse" ? "retry: 10\n: half a bl" : '{"messages":[{"curs'));
    reply.cut();
  };
}

/** A stream that says something, and only when that has had its effect the rest. */
export interface TwoParts {
  readonly head: string;
  /** The rest is sent when this holds: what a cut overtakes, a client's HTTP library may drop. */
  readonly isDue: () => boolean;
  readonly rest?: Uint8Array;
  readonly ending: "clean" | "cut";
}

/** A stream in two parts. If the test ends before the second, so does the stream. */
export function twoParts(t: ClientContext, { head, isDue, rest, ending }: TwoParts): Answer {
  return (reply) => {
    beginStream(reply);
    reply.chunk(utf8(head));
    const goOn = (): void => {
      if (rest) reply.chunk(rest);
      if (ending === "clean") reply.end();
      else reply.cut();
    };
    t.until(isDue).then(goOn, () => reply.reset());
  };
}

/** How long it took a client to come again after an answer that was cut: it would have come, had it wanted to. */
export async function controlRetry(t: ClientContext, way: Way, opening: Opening = {}): Promise<number> {
  const { channel, reading } = meet(t, way, cutAnswer(way), 1, opening);
  const again = await nthRequest(t, channel, 3, reading);
  const before = channel.requests[1];
  t.control(claim(again !== undefined, "after a cut the client", "tries again", reading.ending));
  return again && before ? before.until(again) : 0;
}

/** Shortest look at a client that must not come again. */
const WINDOW_MS = 400;

/** The client ends with an error at the fault, and asks nothing more where after a cut it did. */
export async function endsWithError(
  t: ClientContext,
  requirement: string,
  name: string,
  faulty: Faulty,
  retryMs: number,
  requests = 2,
): Promise<void> {
  const { channel, reading, messages } = faulty;
  await t.until(() => reading.hasEnded || channel.requests.length > requests);
  t.control(sameList("messages before it", reading.handed, shownAll(messages.slice(0, 2))));
  await t.watch(Math.max(WINDOW_MS, 3 * retryMs));
  t.check(requirement, same(`after ${name} the client`, reading.ending, "ended with an error"));
  t.check(requirement, same(`requests, that of ${name} included`, channel.requests.length, requests));
}
