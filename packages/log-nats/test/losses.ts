import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JetStreamManager } from "@nats-io/jetstream";
import type { Cursor } from "@tidemark/protocol";
import * as assert from "uvu/assert";
import type { NatsServer } from "../../../testing/engines/nats-server.ts";
import {
  dataAfter,
  drafts,
  failureOf,
  gapReasons,
  positionsAfter,
  startOf,
  until,
} from "../../log/test/steps.ts";
import { Names } from "../src/names.ts";
import { NatsLog } from "../src/nats-log.ts";
import { freshStream, type OpenLog, withManager } from "./harness.ts";

/** A loss of data in NATS, with assertions about what readers get. */
export type Loss = (server: NatsServer, open?: OpenLog) => Promise<void>;

interface Lossy {
  readonly server: NatsServer;
  readonly log: NatsLog;
  readonly names: Names;
  readonly manager: JetStreamManager;
}

const CHANNEL = "news";

function loss(run: (lossy: Lossy) => Promise<void>): Loss {
  return async (server, open = NatsLog.open) => {
    const stream = freshStream();
    const log = await open(server.url, { stream });
    try {
      await withManager(server, (manager) => run({ server, log, manager, names: new Names(stream) }));
    } finally {
      await log.dispose();
    }
  };
}

/** Every position is a gap, and stays one while more is appended than there was. */
async function allGaps(log: NatsLog, positions: readonly Cursor[]): Promise<void> {
  const gaps = positions.map(() => "epoch");
  assert.equal(await gapReasons(log, CHANNEL, positions), gaps);
  for (let number = 1; number <= 8; number++) {
    await log.append(CHANNEL, drafts(number + 100));
    assert.equal(await gapReasons(log, CHANNEL, positions), gaps, `after ${number} appends`);
  }
  assert.is((await dataAfter(log, CHANNEL)).length, 8);
}

async function numbersOf({ manager, names }: Lossy): Promise<number[]> {
  const numbers: number[] = [];
  for (let seq = 1; ; ) {
    const query = { seq, next_by_subj: names.channel(CHANNEL) };
    const found = await manager.streams.getMessage(names.stream, query);
    if (!found) return numbers;
    numbers.push(found.seq);
    seq = found.seq + 1;
  }
}

/** Copy the streams, append, then restore the copy: the appended messages are lost. */
async function restored({ server, log }: Lossy): Promise<void> {
  const before = await positionsAfter(log, CHANNEL, 5);
  const copy = await mkdtemp(join(tmpdir(), "tidemark-copy-"));
  await server.kill();
  await cp(server.streams, copy, { recursive: true });
  await server.start();
  await until("the log to work again", async () => (await failureOf(startOf(log, CHANNEL))) === undefined);
  const lost = (await positionsAfter(log, CHANNEL, 4)).slice(1);
  await server.kill();
  await rm(server.streams, { recursive: true });
  await cp(copy, server.streams, { recursive: true });
  await rm(copy, { recursive: true });
  await server.start();
  await until("the log to work again", async () => (await failureOf(startOf(log, CHANNEL))) === undefined);
  assert.equal(
    await gapReasons(log, CHANNEL, lost),
    lost.map(() => "ahead"),
  );
  for (let number = 101; number <= 108; number++) await log.append(CHANNEL, drafts(number));
  assert.equal(
    await gapReasons(log, CHANNEL, lost),
    lost.map(() => "epoch"),
  );
  const after = ["101", "102", "103", "104", "105", "106", "107", "108"];
  assert.equal(await dataAfter(log, CHANNEL, before[5]), after);
}

/** Each loss, by name. */
export const LOSSES: Readonly<Record<string, Loss>> = {
  "the stream is purged": loss(async ({ log, manager, names }) => {
    const [positions, unwritten] = [await positionsAfter(log, CHANNEL, 5), await startOf(log, "unwritten")];
    await manager.streams.purge(names.stream);
    await allGaps(log, positions);
    assert.equal(await gapReasons(log, "unwritten", [unwritten]), ["epoch"]);
  }),

  "the channels are purged, and the rest of the stream is left": loss(async ({ log, manager, names }) => {
    const positions = await positionsAfter(log, CHANNEL, 5);
    const unwritten = await startOf(log, "unwritten");
    await manager.streams.purge(names.stream, { filter: names.channels });
    await allGaps(log, positions);
    assert.equal(await gapReasons(log, "unwritten", [unwritten]), [undefined]);
  }),

  "a message in the middle is deleted": loss(async (lossy) => {
    const { log, manager, names } = lossy;
    const positions = await positionsAfter(log, CHANNEL, 5);
    const [, , third = 0] = await numbersOf(lossy);
    await manager.streams.deleteMessage(names.stream, third);
    // A reader after it misses nothing until another reader discovers the loss.
    assert.equal(await dataAfter(log, CHANNEL, positions[4]), ["5"]);
    assert.equal(await dataAfter(log, CHANNEL), []);
    await allGaps(log, positions);
  }),

  "the newest messages are deleted": loss(async (lossy) => {
    const { log, manager, names } = lossy;
    const positions = await positionsAfter(log, CHANNEL, 5);
    for (const number of (await numbersOf(lossy)).slice(3))
      await manager.streams.deleteMessage(names.stream, number);
    // NATS 2.9 does not report the last message then, so the log searches for it.
    for (let number = 101; number <= 108; number++) {
      assert.not.ok((await gapReasons(log, CHANNEL, positions.slice(4))).includes(undefined));
      await log.append(CHANNEL, drafts(number));
    }
    const lost = positions.slice(4);
    assert.equal(
      await gapReasons(log, CHANNEL, lost),
      lost.map(() => "epoch"),
    );
    const kept = ["1", "2", "3", "101", "102", "103", "104", "105", "106", "107", "108"];
    assert.equal(await dataAfter(log, CHANNEL, positions[0]), kept, "the other messages are still there");
  }),

  "an older state is restored": loss(restored),
};
