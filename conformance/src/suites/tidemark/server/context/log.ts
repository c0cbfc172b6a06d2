import { type Draft, draft } from "../../../../engine/drive/driver.ts";
import { same, sameList } from "../../../../engine/model/claim.ts";
import { Undecided } from "../../../../engine/run/checks.ts";
import type { Channel } from "../../../../engine/wire/channel.ts";
import { withQuery } from "../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import type { Message } from "../../read/page.ts";
import type { EventStream } from "../../read/stream.ts";
import type { TestContext } from "./context.ts";
import { lastOf } from "./existing.ts";

/** A way to resume from a cursor: `sse-header` sends it as `Last-Event-ID`, the others as `after`. */
export type Way = "poll" | "long-poll" | "sse" | "sse-header";

/** The mechanism of a way. */
export function mechanismOf(way: Way): "poll" | "long-poll" | "sse" {
  return way === "sse-header" ? "sse" : way;
}

/** The most requests that one read of the log makes. */
const MAX_REQUESTS = 100;

/**
 * Publish this many messages (the numbers from 1) or these drafts, and read them back with their cursors. Where the
 * suite may not publish, so many messages are the last ones of the channel.
 * Inconclusive if the log cannot serve as the basis of a test: a second read has to return the same messages,
 * and their cursors have to differ.
 */
export async function fill(
  t: TestContext,
  channel: Channel,
  drafts: number | readonly Draft[],
): Promise<readonly Message[]> {
  if (!t.target.driver && typeof drafts === "number") return lastOf(t, channel, drafts);
  const before = await endOf(t, channel);
  const messages = await record(t, channel, drafts, before);
  const cursors = cursorsOf(messages);
  t.need(same("different cursors of the published messages", new Set(cursors).size, cursors.length));
  const again = await readLog(t, channel, before, messages.length);
  t.need(sameList("cursors of the published messages in a second read", cursorsOf(again), cursors));
  return messages;
}

/** As {@link fill}, with one publish for so many messages. */
export async function fillInParts(
  t: TestContext,
  channel: Channel,
  count: number,
  size: number,
): Promise<readonly Message[]> {
  if (!t.target.driver) return lastOf(t, channel, count);
  const drafts = numbers(count);
  const parts = Array.from({ length: Math.ceil(count / size) }, (_, n) =>
    drafts.slice(n * size, (n + 1) * size),
  );
  return recordParts(t, channel, parts, await endOf(t, channel));
}

/** As {@link fill}, but requires only that as many messages are read as were published. */
export async function record(
  t: TestContext,
  channel: Channel,
  drafts: number | readonly Draft[],
  before: string,
): Promise<readonly Message[]> {
  return recordParts(t, channel, [typeof drafts === "number" ? numbers(drafts) : drafts], before);
}

/** As {@link record}, with one publish for each part; they are read back when all are published. */
export async function recordParts(
  t: TestContext,
  channel: Channel,
  parts: readonly (readonly Draft[])[],
  before: string,
): Promise<readonly Message[]> {
  for (const part of parts) await t.publish(channel, part);
  const count = parts.flat().length;
  const messages = await readLog(t, channel, before, count);
  t.need(same("published messages that were read back", messages.length, count));
  return messages;
}

/** Read what follows a position, by the most reliable mechanism that the target offers. */
function readLog(
  t: TestContext,
  channel: Channel,
  after: string,
  count: number,
): Promise<readonly Message[]> {
  const way = t.target.mechanisms.includes("poll") ? "poll" : "sse";
  return readOn(t, channel, way, after, (read) => read.length >= count);
}

/** Drafts with the numbers 1, 2, 3, … as data. */
export function numbers(count: number): Draft[] {
  return Array.from({ length: count }, (_, index) => draft(index + 1));
}

/** How often to look for the end of a channel, because somebody else may be publishing to it. */
const END_LOOKS = 4;

/** The current end as a cursor. Inconclusive unless a page after it is empty and has the same cursor. */
export async function endOf(t: TestContext, channel: Channel): Promise<string> {
  let end = await reportedEnd(t, channel);
  if (!t.target.mechanisms.includes("poll")) return end;
  for (let look = 1; look <= END_LOOKS; look += 1) {
    const page = await t.page(channel, { after: end });
    if (page.messages.length === 0 && page.cursor === end) return end;
    end = page.cursor;
  }
  throw new Undecided(
    "PRECONDITION_FAILED",
    `the channel has no stable end: ${END_LOOKS} pages after its end were not empty, or had another cursor`,
  );
}

/** The end that the channel reports, unverified. */
export async function reportedEnd(t: TestContext, channel: Channel): Promise<string> {
  if (t.target.mechanisms.includes("poll")) return (await t.page(channel, { after: "end" })).cursor;
  const stream = await t.openStream(channel, { after: "end" });
  stream.exchange.abort();
  return stream.lastId;
}

/** The ways that the target claims. */
export function waysOf(t: TestContext): Way[] {
  const ways: readonly Way[] = ["poll", "long-poll", "sse", "sse-header"];
  return ways.filter((way) => t.target.mechanisms.includes(mechanismOf(way)));
}

/**
 * Read from a position as a client does, request after request, until `done` or, for pages, the end. The
 * positions `start` and `end` are sent as `after` in every way.
 */
export async function readOn(
  t: TestContext,
  channel: Channel,
  way: Way,
  after: string,
  done: (messages: readonly Message[]) => boolean,
): Promise<readonly Message[]> {
  return way === "poll" || way === "long-poll"
    ? readPages(t, channel, way, after, done)
    : readStreams(t, channel, way, after, done);
}

/** Read until the message with this cursor has come. */
export function readUntil(
  t: TestContext,
  channel: Channel,
  way: Way,
  after: string,
  last: string,
): Promise<readonly Message[]> {
  return readOn(t, channel, way, after, (messages) => messages.at(-1)?.cursor === last);
}

async function readPages(
  t: TestContext,
  channel: Channel,
  way: "poll" | "long-poll",
  after: string,
  done: (messages: readonly Message[]) => boolean,
): Promise<readonly Message[]> {
  const messages: Message[] = [];
  let position = after;
  for (let request = 0; request < MAX_REQUESTS; request += 1) {
    const page = await t.page(channel, { after: position, ...(way === "long-poll" ? { wait: 1 } : {}) });
    messages.push(...page.messages);
    if (done(messages) && way === "long-poll") break;
    if (!page.more && (way === "poll" || page.messages.length === 0)) break;
    position = page.cursor;
  }
  return messages;
}

async function readStreams(
  t: TestContext,
  channel: Channel,
  way: "sse" | "sse-header",
  after: string,
  done: (messages: readonly Message[]) => boolean,
): Promise<readonly Message[]> {
  const messages: Message[] = [];
  let position = after;
  for (let request = 0; request < MAX_REQUESTS; request += 1) {
    const stream = await openAt(t, channel, way, position);
    const all = (): Message[] => [...messages, ...stream.messages];
    await t.until(stream.exchange, () => done(all()));
    const over = stream.exchange.ending !== undefined;
    stream.exchange.abort();
    messages.push(...stream.messages);
    if (done(messages) || !over || stream.find("$closed")) break;
    position = stream.lastId;
  }
  return messages;
}

function openAt(
  t: TestContext,
  channel: Channel,
  way: "sse" | "sse-header",
  position: string,
): Promise<EventStream> {
  const word = position === "start" || position === "end";
  return way === "sse" || word
    ? t.openStream(channel, { after: position })
    : t.openStream(channel, {}, [["Last-Event-ID", position]]);
}

/** The cursors of messages. */
export function cursorsOf(messages: readonly Message[]): string[] {
  return messages.map(({ cursor }) => cursor);
}

/** A well-formed cursor that no server has minted. */
export function foreignCursor(t: TestContext): string {
  const digits = Array.from({ length: 16 }, () => Math.floor(t.random() * 36).toString(36)).join("");
  return `Conformance.${digits}~x`;
}

/** The `wait` of a hold that an event should end: long enough that an earlier answer proves that it did. */
export function wakeWaitS(t: TestContext): number {
  return Math.min(t.target.limits?.waitS ?? 8, t.target.claims.maxWaitS ?? 8);
}

/** Make one read from a cursor, and wait for the answer or the first block. */
export async function readOnce(
  t: TestContext,
  channel: Channel,
  way: Way,
  cursor: string,
  query: Readonly<Record<string, string>> = {},
): Promise<Exchange> {
  const position = way === "sse-header" ? {} : { after: cursor };
  const mechanism = way === "poll" ? {} : way === "long-poll" ? { wait: 2 } : { stream: 1 };
  const exchange = t.send({
    url: withQuery(channel.url, { ...query, ...position, ...mechanism }),
    headers: way === "sse-header" ? [["Last-Event-ID", cursor]] : [],
  });
  return t.settle(exchange);
}
