import type { ReadOptions } from "@tidemark/log";
import { MemoryLog } from "@tidemark/log-memory";
import type { Position, RawPage } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { numbers } from "../../../../testing/logs/drafts.ts";
import { SharedReads } from "./shared-reads.ts";

/** A log whose reads end when the test releases them. */
class SlowLog extends MemoryLog {
  readonly gates: (() => void)[] = [];
  override async read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
    const page = super.read(channel, from, options);
    await new Promise<void>((resolve) => this.gates.push(resolve));
    return page;
  }
}

const options = { maxMessages: 10 };

test("callers that come during a read share the next one, and see what was published meanwhile", async () => {
  const log = new SlowLog();
  const reads = new SharedReads(log);
  const first = reads.read("a", "start", options);
  await log.append("a", numbers(1));
  const later = [1, 2, 3].map(() => reads.read("a", "start", options));
  assert.is(log.gates.length, 1);
  log.gates[0]?.();
  assert.is((await first).messages.length, 0);
  assert.is(log.gates.length, 2, "one read for all three");
  log.gates[1]?.();
  const pages = await Promise.all(later);
  assert.is(pages[0]?.messages.length, 1);
  assert.ok(pages.every((page) => page === pages[0]));
});

test("reads of different channels, positions or sizes are not shared", async () => {
  const log = new SlowLog();
  const reads = new SharedReads(log);
  const all = [
    reads.read("a", "start", options),
    reads.read("b", "start", options),
    reads.read("a", "end", options),
    reads.read("a", "start", { maxMessages: 9 }),
    reads.read("a", "start", { maxMessages: 10, maxBytes: 1 }),
  ];
  assert.is(log.gates.length, 5);
  for (const open of log.gates) open();
  await Promise.all(all);
});

test("a failed read fails only for the callers that share it", async () => {
  const log = new MemoryLog();
  const reads = new SharedReads(log);
  const failing = [reads.read("a", "X", options), reads.read("a", "X", options)];
  const outcomes = await Promise.allSettled(failing);
  assert.equal(
    outcomes.map(({ status }) => status),
    ["rejected", "rejected"],
  );
  assert.is((await reads.read("a", "start", options)).messages.length, 0);
});

test.run();
