import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "@tidemark/log";
import * as assert from "uvu/assert";
import { dataAfter, failureOf, follow, until } from "./steps.ts";

const CHANNEL = "news";
const WRITERS = 8;
const ACKNOWLEDGED_PER_KILL = 150;

/** The outcome of killing a log's engine under load. */
export interface KilledUnderLoad {
  /** The number of acknowledged appends. */
  readonly acknowledged: number;
  /** The number of retries after an unknown outcome. */
  readonly sentAgain: number;
}

/** Publish as a client does: retry with the same key until acknowledged. Returns the number of retries. */
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
 * Append to two nodes of one log while its engine is killed repeatedly. Acknowledged messages are neither
 * lost nor duplicated, and a reader that relies on wake-ups has seen all of them in the log's order.
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
      isOver = true; // stop the writers even if a kill failed
    }
  };
  // Await all together, so that no rejection is unhandled.
  await Promise.all([kill(), ...Array.from({ length: WRITERS }, (_, name) => write(name))]);
  const stored = await dataAfter(nodes[0], CHANNEL);
  assert.is(new Set(stored).size, stored.length, "no message is duplicated");
  assert.equal([...stored].sort(), [...acknowledged].sort(), "exactly the acknowledged messages are stored");
  for (const { seen, stop } of readers) {
    await until("a reader at the end", () => seen.length >= stored.length);
    assert.equal(seen, stored, "readers see every message in the log's order");
    await stop();
  }
  return { acknowledged: acknowledged.length, sentAgain };
}
