import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "@tidemark/log";
import * as assert from "uvu/assert";
import { dataAfter, failureOf, follow, until } from "./steps.ts";

const CHANNEL = "news";
const WRITERS = 8;
const ACKNOWLEDGED_PER_KILL = 150;

/** What became of a log whose engine was killed under load. */
export interface KilledUnderLoad {
  /** Appends that were acknowledged. */
  readonly acknowledged: number;
  /** Appends that were sent again, since nobody told what became of them. */
  readonly sentAgain: number;
}

/** Publishes as a client does: until it is acknowledged, each time with the same key. Answers how often it was sent again. */
async function publish(log: Log, json: string): Promise<number> {
  const key = { id: randomUUID(), digest: json };
  for (let sentAgain = 0; ; sentAgain++) {
    const failed = await failureOf(log.append(CHANNEL, [{ json }], { key }));
    if (failed === undefined) return sentAgain;
    assert.is(failed, "unavailable");
    await sleep(10);
  }
}

/**
 * Append to two nodes of one log while its engine is killed again and again: of what was acknowledged nothing is
 * lost, nothing doubled, and who reads on wake-ups has seen it all, in the order of the log.
 */
export async function killedUnderLoad(
  nodes: readonly [Log, Log],
  kills: number,
  restart: () => Promise<void>,
): Promise<KilledUnderLoad> {
  const readers = await Promise.all(nodes.map((log) => follow(log, CHANNEL)));
  const acknowledged: string[] = [];
  let sentAgain = 0;
  let isOver = false;
  const write = async (name: number): Promise<void> => {
    for (let count = 0; !isOver; count++) {
      const json = `"${name}/${count}"`;
      sentAgain += await publish(nodes[name % 2 ? 0 : 1], json);
      acknowledged.push(json);
    }
  };
  const kill = async (): Promise<void> => {
    try {
      for (let count = 1; count <= kills; count++) {
        await until("progress", () => acknowledged.length >= count * ACKNOWLEDGED_PER_KILL);
        await restart();
      }
    } finally {
      isOver = true; // writers end also where a kill failed
    }
  };
  // All at once: none of them may fail while nobody awaits it.
  await Promise.all([kill(), ...Array.from({ length: WRITERS }, (_, name) => write(name))]);
  const stored = await dataAfter(nodes[0], CHANNEL);
  assert.is(new Set(stored).size, stored.length, "nothing is doubled");
  assert.equal([...stored].sort(), [...acknowledged].sort(), "what is stored is what was acknowledged");
  for (const { seen, stop } of readers) {
    await until("a reader at the end", () => seen.length >= stored.length);
    assert.equal(seen, stored, "readers see it all, in the order of the log");
    await stop();
  }
  return { acknowledged: acknowledged.length, sentAgain };
}
