import assert from "node:assert/strict";
import { contractTests, type Register } from "@tidemark/log-contract";
import { type CreateMemoryLog, memoryHarness } from "../harness.ts";
import { MemoryLog } from "../memory-log.ts";
import type { MemoryLogOptions } from "../memory-log-options.ts";
import type { MemoryStore } from "../store/memory-store.ts";

/** How long to wait for a lost wake-up; in memory a wake-up takes less than a turn. */
const GRACE_MS = 40;

/** The topic whose tests any fault may fail, because they use every operation. */
const CATCH_ALL = "histories";

/** The base of all mutants: an in-memory log with access to its store. */
export class Mutant extends MemoryLog {
  readonly store: MemoryStore;

  constructor(options: MemoryLogOptions, store: MemoryStore) {
    super(options, store);
    this.store = store;
  }
}

/** The tests that a mutant must fail. */
export interface Killing {
  /** The test that was written for this fault. */
  readonly by: string;
  /** The exact topics in which tests fail; omitted if the fault breaks every reader. */
  readonly topics?: readonly string[];
  readonly durable?: boolean;
}

/** The names of the contract tests that a log fails. */
export async function failures(createLog: CreateMemoryLog, durable = false): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of contractTests(memoryHarness({ createLog, durable, graceMs: GRACE_MS })).tests) {
    await run().catch(() => failed.push(name));
  }
  return failed;
}

/** Registers a test: the contract detects this fault, in the expected topics only. */
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

/** Let one turn of the event loop pass. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
