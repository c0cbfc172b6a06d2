// Three readers, one for each mechanism, stop reading for a minute while 200 MB are published.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { publish } from "@tidemark/client";
import { MemoryLog } from "@tidemark/log-memory";
import { listen } from "@tidemark/server";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sources } from "../../tools/launch.mjs";
import type { PausedReading } from "../src/clients/paused-reader.ts";

const PAUSE_MS = 60_000;
const MESSAGES = 3_200;
const PAYLOAD = "x".repeat(64 * 1024 - 64);
const BATCH = 12;
const PAUSE_AFTER = 5;

/** Enough for the pages and chunks in transit and for the runtime itself. */
const MAX_GROWTH_BYTES = 64 * 1024 * 1024;

const PROGRAM = fileURLToPath(new URL("../src/clients/paused-reader.ts", import.meta.url));

/** Start a reader; `paused` resolves when it has stopped reading. */
function startReader(mechanism: string, url: string) {
  const args = [...sources, PROGRAM, mechanism, url, String(PAUSE_AFTER)];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => (await lines.next()).value ?? "";
  return {
    paused: next(),
    async goOn(): Promise<PausedReading> {
      const closed = once(child, "close");
      child.stdin.end("\n");
      const reading = JSON.parse(await next());
      await closed;
      return reading;
    },
  };
}

/** Publish the remaining messages in small batches that take most of the pause. */
async function publishAll(url: string): Promise<number> {
  let bytes = 0;
  for (let n = PAUSE_AFTER; n < MESSAGES; n += BATCH) {
    const messages = Array.from({ length: Math.min(BATCH, MESSAGES - n) }, (_, at) => ({
      data: { n: n + at, text: PAYLOAD },
    }));
    bytes += JSON.stringify(messages).length;
    await publish(url, messages, { close: n + BATCH >= MESSAGES });
    await delay((0.7 * PAUSE_MS) / (MESSAGES / BATCH));
  }
  return bytes;
}

test("a reader that pauses for a minute buffers little of 200 MB, and then gets every message once", async () => {
  const server = await listen(new MemoryLog({ retention: { maxBytes: 1e9 } }), { port: 0 });
  const url = server.url.replace("{channel}", "a");
  const first = Array.from({ length: PAUSE_AFTER }, (_, n) => ({ data: { n } }));
  await publish(url, first);
  const mechanisms = ["sse", "long-polling", "polling"];
  const readers = mechanisms.map((mechanism) => startReader(mechanism, url));
  for (const { paused } of readers) assert.is(await paused, "paused");
  const [bytes] = await Promise.all([publishAll(url), delay(PAUSE_MS)]);
  assert.ok(bytes > 200e6, `${bytes} bytes`);
  for (const [index, { goOn }] of readers.entries()) {
    const { before, peakInPause, peak, numbers } = await goOn();
    const mega = (size: number): string => `${Math.round(size / 1e6)} MB`;
    const growth = `${mega(before)} before the pause, at most ${mega(peakInPause)} in it, ${mega(peak)} in all`;
    console.log(`\n${mechanisms[index]}: ${growth}; ${numbers.length} messages of ${mega(bytes)}`);
    assert.equal(
      numbers,
      Array.from({ length: MESSAGES }, (_, n) => n),
    );
    assert.ok(peakInPause - before < MAX_GROWTH_BYTES, growth);
  }
  await server.close({ windowMs: 0 });
});

test.run();
