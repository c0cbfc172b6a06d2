import { type Draft, draft } from "../drive/driver.ts";
import { same, sameList } from "../model/claim.ts";
import type { Message } from "../read/page.ts";
import type { EventStream } from "../read/stream.ts";
import type { Channel } from "../run/target.ts";
import type { TestContext } from "./context.ts";
import { Undecided } from "./undecided.ts";

/** A way to read on from a cursor: `sse-header` sends it as `Last-Event-ID`. */
export type Way = "poll" | "long-poll" | "sse" | "sse-header";

/** The mechanism that a way is of. */
export function mechanismOf(way: Way): "poll" | "long-poll" | "sse" {
  return way === "sse-header" ? "sse" : way;
}

/** Most requests that one read of the log makes. */
const MAX_REQUESTS = 100;

/**
 * Publish so many messages (numbers from 1) or these drafts, and read them back with their cursors. Undecided where
 * the log is not one to test other things on: it shows the same messages again, each with a cursor of its own.
 */
export async function fill(
  t: TestContext,
  channel: Channel,
  drafts: number | readonly Draft[],
): Promise<readonly Message[]> {
  const before = await endOf(t, channel);
  const messages = await record(t, channel, drafts, before);
  const cursors = cursorsOf(messages);
  t.need(same("different cursors of what was published", new Set(cursors).size, cursors.length));
  const again = await readLog(t, channel, before, messages.length);
  t.need(sameList("what was published, read again", cursorsOf(again), cursors));
  return messages;
}

/** As {@link fill}, but nothing is taken for granted beyond that as many messages are read as were published. */
export async function record(
  t: TestContext,
  channel: Channel,
  drafts: number | readonly Draft[],
  before: string,
): Promise<readonly Message[]> {
  return recordParts(t, channel, [typeof drafts === "number" ? numbers(drafts) : drafts], before);
}

/** As {@link record}, with a publish for each of the parts; they are read back when all are published. */
export async function recordParts(
  t: TestContext,
  channel: Channel,
  parts: readonly (readonly Draft[])[],
  before: string,
): Promise<readonly Message[]> {
  for (const part of parts) await t.publish(channel, part);
  const count = parts.flat().length;
  const messages = await readLog(t, channel, before, count);
  t.need(same("messages that were published and read", messages.length, count));
  return messages;
}

/** What follows a position, in the way that gives the surest account of the log. */
function readLog(
  t: TestContext,
  channel: Channel,
  after: string,
  count: number,
): Promise<readonly Message[]> {
  const way = t.target.mechanisms.includes("poll") ? "poll" : "sse";
  return readOn(t, channel, way, after, (read) => read.length >= count);
}

/** Drafts with the numbers from 1 on as data. */
export function numbers(count: number): Draft[] {
  return Array.from({ length: count }, (_, index) => draft(index + 1));
}

/** Looks at the end of a channel to which somebody else may publish. */
const END_LOOKS = 4;

/** The present end as a cursor, by any mechanism. Undecided where it is none: a page after it is empty and stays there. */
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
    `the end does not stand still: ${END_LOOKS} pages after it were not empty`,
  );
}

/** What the channel says its end is; nothing is made of it. */
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
 * Read on from a position as a client does, request after request, until `done` or, for pages, the end.
 * A position that is a word goes out as `after` in every way.
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

/** Read on until the message with this cursor has come. */
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

/** A well-formed cursor that no server minted. */
export function foreignCursor(t: TestContext): string {
  const digits = Array.from({ length: 16 }, () => Math.floor(t.random() * 36).toString(36)).join("");
  return `Conformance.${digits}~x`;
}

/** Seconds to ask a hold for that something is to end: long enough that an answer before its end tells. */
export function wakeWaitS(t: TestContext): number {
  return Math.min(t.target.limits?.waitS ?? 8, t.target.claims.maxWaitS ?? 8);
}
