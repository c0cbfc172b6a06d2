import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { temporaryDirectory } from "../test/lmdb-harness.ts";
import { type Durability, LmdbLog } from "./index.ts";

async function withDirectories(run: (directory: string, copy: string) => Promise<void>): Promise<void> {
  const parent = await temporaryDirectory();
  try {
    await run(join(parent, "log"), join(parent, "copy"));
  } finally {
    await rm(parent, { recursive: true });
  }
}

async function appendNumbers(log: LmdbLog, from: number, to: number): Promise<string[]> {
  const cursors: string[] = [];
  for (let n = from; n <= to; n++) cursors.push((await log.append("news", [{ json: `${n}` }])).cursor);
  return cursors;
}

/** The result of a read from `from`: the data after it, or the reason of the gap. */
async function outcomeOf(log: LmdbLog, from: string): Promise<string> {
  return log.read("news", from, { maxMessages: 1_000 }).then(
    ({ messages }) => messages.map(({ json }) => json).join(" "),
    (error: ProtocolError) => `gap: ${error.members.reason}`,
  );
}

test("lost cursors are gaps after restoring an older copy, even after more appends than were lost", () =>
  withDirectories(async (directory, copy) => {
    let log = await LmdbLog.open(directory);
    const zero = (await log.read("news", "start", { maxMessages: 1 })).cursor;
    const kept = await appendNumbers(log, 1, 3);
    await log.dispose();
    await cp(directory, copy, { recursive: true });
    log = await LmdbLog.open(directory);
    const lost = await appendNumbers(log, 4, 8);
    await log.dispose();
    await rm(directory, { recursive: true });
    await cp(copy, directory, { recursive: true });
    log = await LmdbLog.open(directory);
    for (const cursor of lost) assert.is(await outcomeOf(log, cursor), "gap: ahead");
    await appendNumbers(log, 11, 20);
    for (const cursor of lost) assert.is(await outcomeOf(log, cursor), "gap: epoch");
    assert.is(await outcomeOf(log, kept[2] ?? ""), "11 12 13 14 15 16 17 18 19 20");
    assert.is(await outcomeOf(log, zero), "1 2 3 11 12 13 14 15 16 17 18 19 20");
    await log.dispose();
  }));

test("an emptied directory is a new log", () =>
  withDirectories(async (directory) => {
    let log = await LmdbLog.open(directory);
    const cursors = [(await log.read("news", "start", { maxMessages: 1 })).cursor];
    cursors.push(...(await appendNumbers(log, 1, 3)));
    await log.dispose();
    await rm(directory, { recursive: true });
    log = await LmdbLog.open(directory);
    await appendNumbers(log, 1, 5);
    for (const cursor of cursors) assert.is(await outcomeOf(log, cursor), "gap: epoch");
    await log.dispose();
  }));

test("the durability can change at each opening", () =>
  withDirectories(async (directory) => {
    const cursors: string[] = [];
    const order: Durability[] = ["process", "disk", "disk", "process", "disk", "process", "process"];
    for (const [round, durability] of order.entries()) {
      const log = await LmdbLog.open(directory, { durability });
      for (const [i, cursor] of cursors.entries()) {
        const expected = Array.from({ length: cursors.length - 1 - i }, (_, after) => i + 1 + after);
        assert.is(await outcomeOf(log, cursor), expected.join(" "));
      }
      cursors.push(...(await appendNumbers(log, 2 * round, 2 * round + 1)));
      await log.dispose();
    }
    assert.is(cursors.length, 14);
  }));

test.run();
