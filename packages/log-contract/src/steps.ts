import assert from "node:assert/strict";
import type { Appended, AppendOptions, Log, ReadOptions } from "@tidemark/log";
import {
  type Cursor,
  isCursor,
  type Position,
  type ProblemCode,
  type ProtocolError,
  type RawDraft,
  type RawPage,
} from "@tidemark/protocol";

/** Larger than any channel of the contract. */
const ALL = 100_000;

/** `count` drafts whose data are the numbers from `first` on. */
export function numbers(count: number, first = 1): RawDraft[] {
  return Array.from({ length: count }, (_, i) => ({ json: String(first + i) }));
}

/** The data of `count` messages that {@link numbers} made. */
export function texts(count: number, first = 1): string[] {
  return numbers(count, first).map(({ json }) => json);
}

/** Append one by one, so that each message has its own append and tag. */
export async function appendEach(log: Log, channel: string, drafts: readonly RawDraft[]): Promise<Cursor[]> {
  const cursors: Cursor[] = [];
  for (const draft of drafts) cursors.push((await log.append(channel, [draft])).cursor);
  return cursors;
}

/** Everything after a position, in one page. */
export async function readAll(log: Log, channel: string, from: Position = "start"): Promise<RawPage> {
  const page = await log.read(channel, from, { maxMessages: ALL });
  assert.equal(page.more, false, "an unbounded page holds everything");
  return page;
}

/** All pages from a position to the end. Fails if a page with `more` does not advance. */
export async function* pagesFrom(
  log: Log,
  channel: string,
  from: Position,
  options: ReadOptions,
): AsyncGenerator<RawPage, void> {
  const passed = new Set<Position>([from]);
  for (let more = true, at = from; more; ) {
    const page = await log.read(channel, at, options);
    if (isCursor(at)) assert.equal(page.from, at, "a page begins at the requested position");
    yield page;
    ({ more, cursor: at } = page);
    assert.ok(!more || !passed.has(at), "a page with `more` advances");
    passed.add(at);
  }
}

/** The data of all messages after a position. */
export async function dataAfter(log: Log, channel: string, from: Position = "start"): Promise<string[]> {
  return dataOf(await readAll(log, channel, from));
}

/** The data of a page's messages. */
export function dataOf(page: RawPage): string[] {
  return page.messages.map(({ json }) => json);
}

/** The cursor of the channel's end. */
export async function endOf(log: Log, channel: string): Promise<Cursor> {
  return (await log.read(channel, "end", { maxMessages: 1 })).cursor;
}

/** The cursor of the channel's start. */
export async function startOf(log: Log, channel: string): Promise<Cursor> {
  return (await log.read(channel, "start", { maxMessages: 1 })).from;
}

/** Assert that an attempt is rejected with `code`. Returns the error. */
export async function refused(code: ProblemCode, attempt: Promise<unknown>): Promise<ProtocolError> {
  const outcome = await attempt.then(
    () => undefined,
    (error: ProtocolError) => error,
  );
  assert.ok(outcome, `resolved, expected \`${code}\``);
  assert.equal(outcome.code, code, `failed with: ${outcome.message}`);
  return outcome;
}

/** Assert that an append is rejected with `code` and leaves the channel unchanged. */
export async function refusedAppend(
  code: ProblemCode,
  log: Log,
  channel: string,
  drafts: readonly RawDraft[],
  options?: AppendOptions,
): Promise<void> {
  const before = await readAll(log, channel);
  const { members } = await refused(code, log.append(channel, drafts, options));
  assert.deepEqual(await readAll(log, channel), before, "nothing was stored");
  if (code === "closed" || code === "not-at-end")
    assert.equal(members.end, before.cursor, "the error has the end");
}

/**
 * Assert that reading from a position is a gap, and that the error has cursors from which reading can
 * continue.
 */
export async function isGap(log: Log, channel: string, from: Cursor): Promise<void> {
  const { members } = await refused("gap", log.read(channel, from, { maxMessages: ALL }));
  const { reason, ...positions } = members;
  assert.ok(["retention", "epoch", "ahead", "unknown"].includes(String(reason)), `reason: ${reason}`);
  const start = await startOf(log, channel);
  assert.deepEqual(positions, { requested: from, start, end: await endOf(log, channel) });
}

/** Assert that a replay has the answer of the first append. */
export function sameAnswer(replay: Appended, first: Appended): void {
  assert.deepEqual(replay, { ...first, replayed: true });
}
