import { test } from "uvu";
import * as assert from "uvu/assert";
import { type CreateMemoryLog, contractTests, memoryHarness } from "../contract.ts";
import type { MemoryStore } from "../memory/memory-store.ts";
import { MemoryLog, type MemoryLogOptions } from "../memory-log.ts";

/** No wake-up in memory takes a turn; a lost one is waited for this long. */
const GRACE_MS = 40;

/** Tests that any fault may fail: they do everything. */
const CATCH_ALL = "histories";

/** A mutant: the log in memory that still has its store at hand. */
export class Mutant extends MemoryLog {
  readonly store: MemoryStore;

  constructor(options: MemoryLogOptions, store: MemoryStore) {
    super(options, store);
    this.store = store;
  }
}

/** What a mutant breaks. */
export interface Killing {
  /** The test made for this fault. */
  readonly by: string;
  /** The topics of the contract in which tests fail, these and no others; not told for what breaks every reader. */
  readonly topics?: readonly string[];
  readonly durable?: boolean;
}

/** The names of the contract's tests that a log fails. */
export async function failures(createLog: CreateMemoryLog, durable = false): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of contractTests(memoryHarness({ createLog, durable, graceMs: GRACE_MS })).tests) {
    await run().catch(() => failed.push(name));
  }
  return failed;
}

/** Register a test: the contract sees this fault, and takes it for no other. */
export function killed(fault: string, Log: typeof Mutant, { by, topics, durable }: Killing): void {
  test(`caught: ${fault}`, async () => {
    const failed = await failures((options, store) => new Log(options, store), durable);
    assert.ok(failed.includes(by), `not failed: ${by}; failed: ${failed.join("; ")}`);
    if (topics === undefined) return;
    const touched = new Set(failed.map((name) => name.split(":")[0] ?? name));
    touched.delete(CATCH_ALL);
    assert.equal([...touched].sort(), [...topics].sort(), failed.join("\n"));
  });
}

/** A turn of the event loop, in which others come to pass. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
