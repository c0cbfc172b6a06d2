import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../log/test/steps.ts";
import { type SmallDisk, smallDisk } from "../test/small-disk.ts";
import { LmdbLog } from "./lmdb-log.ts";

const MIB = 1024 * 1024;
const CHANNELS = ["a", "b", "c"];

/** A big message and a small one after it, so that a half-written append would be seen. */
function drafts(name: string) {
  return [{ json: JSON.stringify(`${name} ${"x".repeat(3_000)}`) }, { json: JSON.stringify(name) }];
}

async function outcomeOf(log: LmdbLog, channel: string, name: string): Promise<string> {
  const key = { id: name, digest: name };
  return log.append(channel, drafts(name), { key }).then(
    () => "stored",
    (error: ProtocolError) => error.code,
  );
}

/** Append to all channels until ten appends were rejected. Returns the stored messages of each channel. */
async function fill(log: LmdbLog): Promise<Map<string, string[]>> {
  const stored = new Map(CHANNELS.map((channel) => [channel, [] as string[]]));
  for (let round = 0, refusals = 0; refusals < 10; round++) {
    for (const outcome of await Promise.all(
      CHANNELS.map(async (channel) => ({ channel, code: await outcomeOf(log, channel, `${round}`) })),
    )) {
      if (outcome.code === "stored") stored.get(outcome.channel)?.push(`${round}`);
      else assert.is(outcome.code, "storage-full");
      if (outcome.code !== "stored") refusals += 1;
    }
  }
  return stored;
}

async function assertHolds(log: LmdbLog, stored: ReadonlyMap<string, readonly string[]>): Promise<void> {
  for (const [channel, names] of stored) {
    const { messages } = await log.read(channel, "start", { maxMessages: 100_000 });
    const expected = names.flatMap((name) => drafts(name).map(({ json }) => json));
    assert.ok(
      messages.map(({ json }) => json).join() === expected.join(),
      `${channel}: exactly the stored messages`,
    );
  }
}

/** Resolves once an append succeeds again. */
function takenAgain(log: LmdbLog, name: string): Promise<void> {
  return until("space for an append", async () => (await outcomeOf(log, "a", name)) === "stored");
}

async function withDisk(run: (disk: SmallDisk) => Promise<void>, bytes: number = 2 * MIB): Promise<void> {
  const disk = await smallDisk(bytes);
  // A failure usually leaves files open, so unmounting fails too. Report the original failure.
  await run(disk).catch(async (error: unknown) => {
    await disk.unmount().catch(() => undefined);
    throw error;
  });
  await disk.unmount();
}

for (const durability of ["process", "disk"] as const) {
  test(`a full disk rejects appends, keeps its messages, and accepts appends once there is space (${durability})`, () =>
    withDisk(async (disk) => {
      const options = { durability, onError: () => {} }; // trimming fails there too, and is retried
      const directory = join(disk.path, "log");
      let log = await LmdbLog.open(directory, options);
      const stored = await fill(log);
      assert.ok((stored.get("a")?.length ?? 0) > 50, "the disk was not full from the start");
      await assertHolds(log, stored);
      await disk.resize(8 * MIB);
      await takenAgain(log, "after");
      stored.get("a")?.push("after");
      await assertHolds(log, stored);
      await log.dispose();
      log = await LmdbLog.open(directory, options);
      await assertHolds(log, stored);
      await log.dispose();
    }));
}

for (const durability of ["process", "disk"] as const) {
  test(`removals and retention free space on a disk filled by others (${durability})`, () =>
    withDisk(async (disk) => {
      const directory = join(disk.path, "log");
      const log = await LmdbLog.open(directory, { durability });
      for (let n = 0; n < 60; n++) for (const channel of CHANNELS) await log.append(channel, drafts(`${n}`));
      await writeFile(join(disk.path, "other"), Buffer.alloc(4 * MIB)).catch((error: NodeJS.ErrnoException) =>
        assert.is(error.code, "ENOSPC"),
      );
      await fill(log);
      assert.is(await log.remove("a"), true);
      assert.is(await log.remove("a"), false);
      assert.is((await log.read("a", "start", { maxMessages: 1 })).messages.length, 0);
      await takenAgain(log, "in the freed space");
      await log.dispose();
      const keeping = { durability, retention: { maxMessages: 10 } };
      const again = await LmdbLog.open(directory, keeping);
      await until(
        "retention",
        async () => (await again.read("b", "start", { maxMessages: 99 })).messages.length <= 10,
      );
      assert.is(await again.remove("c"), true);
      await again.dispose();
    }, 4 * MIB));
}

test("a disk filled by others is reported, and the log opens on it", () =>
  withDisk(async (disk) => {
    const directory = join(disk.path, "log");
    const log = await LmdbLog.open(directory);
    await log.append("a", drafts("0"));
    await writeFile(join(disk.path, "other"), Buffer.alloc(2 * MIB)).catch((error: NodeJS.ErrnoException) =>
      assert.is(error.code, "ENOSPC"),
    );
    await fill(log);
    await log.dispose();
    const again = await LmdbLog.open(directory);
    const { messages } = await again.read("a", "start", { maxMessages: 2 });
    assert.is(messages.length, 2);
    await again.dispose();
  }));

test.run();
