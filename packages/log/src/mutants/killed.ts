import assert from "node:assert/strict";
import { type CreateMemoryLog, contractTests, memoryHarness, type Register } from "../contract.ts";
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

/** Registers a test: the contract sees this fault, and takes it for no other. */
export type Killed = (fault: string, Log: typeof Mutant, killing: Killing) => void;

/** {@link Killed} for a test runner. */
export function killedIn(register: Register): Killed {
  return (fault, Log, killing) => register(`caught: ${fault}`, () => assertKilled(Log, killing));
}

async function assertKilled(Log: typeof Mutant, { by, topics, durable }: Killing): Promise<void> {
  const failed = await failures((options, store) => new Log(options, store), durable);
  assert.ok(failed.includes(by), `not failed: ${by}; failed: ${failed.join("; ")}`);
  if (topics === undefined) return;
  const touched = new Set(failed.map((name) => name.split(":")[0] ?? name));
  touched.delete(CATCH_ALL);
  assert.deepEqual([...touched].sort(), [...topics].sort(), failed.join("\n"));
}

/** A turn of the event loop, in which others come to pass. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
