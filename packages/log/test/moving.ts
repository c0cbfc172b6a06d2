import { isMovable, type MovableLog } from "@tidemark/log";
import type { LogHarness, LogUnderTest } from "@tidemark/log-contract";
import type { Cursor, ProtocolError, RawPage } from "@tidemark/protocol";
import * as assert from "uvu/assert";
import { dataAfter, drafts, failureOf, positionsAfter } from "./steps.ts";

const ALL = { maxMessages: 1_000 } as const;

/**
 * The tests of a movable log, by title. Two logs of the harness are the source and the target.
 */
export function movingTests(harness: LogHarness): Readonly<Record<string, () => Promise<void>>> {
  return {
    "a moved channel answers every old cursor as before": () => withTwo(harness, moved),
    "a moved channel continues, and cursors of a diverged original are gaps": () =>
      withTwo(harness, diverged),
    "messages are adopted only at the end": () => withTwo(harness, refused),
    "the list of channels omits removed ones": () => withTwo(harness, listed),
  };
}

interface Two {
  readonly old: MovableLog;
  readonly young: MovableLog;
  readonly trim: NonNullable<LogUnderTest["trim"]>;
}

async function withTwo(harness: LogHarness, run: (two: Two) => Promise<void>): Promise<void> {
  const [one, other] = [await harness.create(), await harness.create()];
  try {
    const { trim } = one;
    assert.ok(isMovable(one.log) && isMovable(other.log) && trim);
    await run({ old: one.log, young: other.log, trim: trim.bind(one) });
  } finally {
    await Promise.all([one.dispose(), other.dispose()]);
  }
}

/** Copy a channel in pages of two messages. */
async function move({ old, young }: Two, channel: string): Promise<void> {
  let page = await old.read(channel, "start", { maxMessages: 2 });
  for (;;) {
    await young.adopt(channel, page);
    if (!page.more) return;
    page = await old.read(channel, page.cursor, { maxMessages: 2 });
  }
}

/** The page or error that a read from a position gets. */
function answerAt(log: MovableLog, channel: string, from: Cursor): Promise<RawPage | unknown> {
  return log.read(channel, from, ALL).catch(({ code, members }: ProtocolError) => ({ code, ...members }));
}

async function moved(two: Two): Promise<void> {
  const { old, young, trim } = two;
  const positions = await positionsAfter(old, "news", 3);
  const batch = [
    { json: '"ü \u{1f30a}"', event: "tide" },
    { json: "12345678901234567890", event: "" },
    { json: '{"a":[1e2]}' },
  ];
  positions.push(...(await old.append("news", batch.map(cleaned))).cursors);
  await trim("news", 4);
  await positionsAfter(old, "quiet", 2);
  await trim("quiet", 0);
  await old.append("quiet", [], { close: true });
  for (const channel of ["news", "quiet"]) await move(two, channel);
  for (const position of [...positions, "start", "end"])
    assert.equal(await answerAt(young, "news", position), await answerAt(old, "news", position), position);
  for (const position of ["start", "end"])
    assert.equal(await answerAt(young, "quiet", position), await answerAt(old, "quiet", position));
  assert.is(await failureOf(young.append("quiet", drafts(1))), "closed");
}

function cleaned({ event, json }: { readonly event?: string; readonly json: string }) {
  return event ? { event, json } : { json };
}

async function diverged(two: Two): Promise<void> {
  const { old, young } = two;
  const positions = await positionsAfter(old, "news", 3);
  await move(two, "news");
  const { cursor: elsewhere } = await old.append("news", drafts(4));
  const { cursor } = await young.append("news", drafts(5));
  assert.match(cursor, /\.4\./, "its number continues");
  assert.equal(await dataAfter(young, "news", positions[1]), ["2", "3", "5"]);
  assert.is(await failureOf(young.read("news", elsewhere, ALL)), "gap");
  assert.is(await failureOf(old.read("news", cursor, ALL)), "gap");
}

async function refused(two: Two): Promise<void> {
  const { old, young } = two;
  const [, second = ""] = await positionsAfter(old, "news", 4);
  await positionsAfter(young, "news", 2);
  const before = await young.read("news", "start", ALL);
  assert.is(await failureOf(young.adopt("news", await old.read("news", "start", ALL))), "not-at-end");
  assert.is(await failureOf(young.adopt("news", await old.read("news", second, ALL))), "not-at-end");
  const page = await old.read("other", "start", ALL);
  const { messages } = await old.read("news", second, ALL);
  assert.match(String(await failureOf(young.adopt("other", { ...page, messages }))), "is not the position");
  assert.match(
    String(await failureOf(young.adopt("other", { ...page, from: "1-2" }))),
    "not a cursor of our logs",
  );
  assert.equal(await young.read("news", "start", ALL), before);
  assert.equal((await young.read("other", "start", ALL)).messages, []);
}

async function listed({ old }: Two): Promise<void> {
  const names = ["news", "a:b", "ü [x]*?", "x".repeat(500)];
  for (const name of [...names, "removed"]) await old.append(name, drafts(1));
  await old.remove("removed");
  await old.read("never written", "start", ALL);
  const found: string[] = [];
  for await (const name of old.channels()) found.push(name);
  assert.equal(found.sort(), [...names].sort());
}
