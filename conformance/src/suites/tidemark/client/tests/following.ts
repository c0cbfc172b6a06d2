import { type Claim, claim, same, sameList } from "../../../../engine/model/claim.ts";
import { utf8 } from "../../../../engine/wire/bytes.ts";
import { type Answer, beginStream, CLAIMS, page, stream, tidemarkHeaders } from "../answers.ts";
import { block, closedBlock, messageBlocks, openBlock } from "../block-text.ts";
import type { ClientContext, Opening } from "../client-context.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { type Reading, shown } from "../reading.ts";
import { BEGINNING, type ScriptedChannel } from "../scripted-channel.ts";
import { numbered, type ScriptedMessage } from "../scripted-log.ts";
import type { SeenRequest } from "../seen-request.ts";

/** A mechanism by which a client follows a channel. */
export type Way = "poll" | "long-poll" | "sse";

/** Every mechanism. */
export const WAYS: readonly Way[] = ["poll", "long-poll", "sse"];

/** Make one test per mechanism; the id contains its name. */
export function eachWay(make: (way: Way) => ClientTestDefinition): ClientTestDefinition[] {
  return WAYS.map(make);
}

/** Messages in the form in which they are compared with {@link Reading.handed}. */
export function shownAll(messages: readonly ScriptedMessage[]): string[] {
  return messages.map(({ event, json }) => shown(event, JSON.parse(json)));
}

/** The client delivered exactly these messages, in order. Until it ends, missing ones may still be on their way. */
export function handedOn(reading: Reading, messages: readonly ScriptedMessage[]): Claim {
  const found = sameList("messages delivered", reading.handed, shownAll(messages));
  return { ...found, timed: isOnTheWay(reading, messages) };
}

/** Whether the client has delivered the first of these messages and nothing else, and can still deliver the rest. */
export function isOnTheWay(reading: Reading, messages: readonly ScriptedMessage[]): boolean {
  const { handed, hasEnded } = reading;
  const all = shownAll(messages);
  return !hasEnded && handed.length < all.length && handed.every((one, index) => one === all[index]);
}

/**
 * Check that the client delivered these messages: none is missing, and nothing else came. Repeated or reordered
 * messages leave the test undecided, because other tests decide on them.
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

/** The request reads from this position. Until the client ends, a missing request may still be on its way. */
export function positionOf(
  what: string,
  request: SeenRequest | undefined,
  expected: string | undefined,
  reading: Reading,
): Claim {
  const found = same(`position of ${what}`, request?.position, expected);
  if (request !== undefined) return { ...found, timed: false };
  return { ...found, actual: `no request; the client ${reading.ending}`, timed: !reading.hasEnded };
}

/** Wait until `count` messages were delivered or the client has ended. */
export async function untilHanded(t: ClientContext, reading: Reading, count: number): Promise<void> {
  await t.until(() => reading.messages.length >= count || reading.hasEnded);
}

/** Wait until the client has ended. Its reports come in order, so it has then reported everything. */
export async function untilOver(t: ClientContext, reading: Reading): Promise<void> {
  await t.until(() => reading.hasEnded);
}

/** Wait for request `number` (from 1); undefined if it does not come. */
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

/** The cursor at which the answer to this request begins: the requested one. */
export function beginOf({ position = "start" }: SeenRequest): string {
  return position === "start" || position === "end" ? BEGINNING : position;
}

/** A part of a channel, after which the client asks again at once: a page with `more`, or a stream that ends. */
export function part(way: Way, messages: readonly ScriptedMessage[], claims: string | null = CLAIMS): Answer {
  const blocks = messageBlocks(messages);
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

/** A stream that reports the end of the channel at the requested position. */
export const ended: Answer = (reply) => {
  const from = beginOf(reply.request);
  stream(openBlock(from) + closedBlock(from))(reply);
};

/** The last messages of a closed channel and its end, as the mechanism sends them. */
export function closing(way: Way, messages: readonly ScriptedMessage[], from: string): Answer {
  const cursor = messages.at(-1)?.cursor ?? from;
  if (way !== "sse") return page({ messages, cursor, closed: true });
  const blocks = messageBlocks(messages);
  return stream(openBlock(from) + blocks + closedBlock(cursor));
}

/** A block that only moves the position. */
export function bookmark(id: string): string {
  return block({ id });
}

/** A closed channel of four messages: two in the first answer, then a fault, then the rest. */
export interface Faulty {
  readonly channel: ScriptedChannel;
  readonly reading: Reading;
  readonly messages: readonly ScriptedMessage[];
  /** The client's position when the fault comes. */
  readonly received: string;
}

/** Open a channel that answers `times` requests with a fault, from the second one on. */
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

/** Check that the client retries from *received* after the fault, and delivers everything once. */
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

/** {@link recovers} for several faults, each on its own channel. */
export async function recoverAll(
  t: ClientContext,
  requirement: string,
  faults: readonly NamedFault[],
): Promise<void> {
  await Promise.all(faults.map(({ name, faulty }) => recovers(t, requirement, name, faulty)));
}

/** A fault that a client met, with its name for the report. */
export interface NamedFault {
  readonly name: string;
  readonly faulty: Faulty;
}

/** Check that the client delivered each message once and in order; undecided if it gave up, which other tests check. */
export function handedOnce(
  t: ClientContext,
  reading: Reading,
  messages: readonly ScriptedMessage[],
): boolean {
  const found = handedOn(reading, messages);
  if (reading.failure !== undefined) t.need(found);
  return t.check("CLI-ORDER-1", found);
}

/** An answer that is cut in the middle. */
export function cutAnswer(way: Way): Answer {
  return (reply) => {
    if (way === "sse") beginStream(reply);
    else reply.begin(200, [...tidemarkHeaders(), ["Content-Type", "application/json"]]);
    reply.chunk(utf8(way === "sse" ? "retry: 10\n: half a bl" : '{"messages":[{"curs'));
    reply.cut();
  };
}

/** How long the client takes to retry after a cut answer: tests that expect no retry watch for a multiple of that. */
export async function controlRetry(t: ClientContext, way: Way, opening: Opening = {}): Promise<number> {
  const { channel, reading } = meet(t, way, cutAnswer(way), 1, opening);
  const again = await nthRequest(t, channel, 3, reading);
  const before = channel.requests[1];
  t.control(claim(again !== undefined, "after a cut the client", "tries again", reading.ending));
  return again && before ? before.until(again) : 0;
}

/** Shortest time to watch a client that must not retry. */
const WINDOW_MS = 400;

/** Check that the client ends with an error at the fault, and does not retry although it does after a cut. */
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
  t.control(sameList("messages before the fault", reading.handed, shownAll(messages.slice(0, 2))));
  await t.watch(Math.max(WINDOW_MS, 3 * retryMs));
  t.check(requirement, same(`after ${name} the client`, reading.ending, "ended with an error"));
  t.check(requirement, same(`requests up to and including ${name}`, channel.requests.length, requests));
}
