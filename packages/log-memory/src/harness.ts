import type { LogHarness, LogUnderTest } from "@tidemark/log-contract";
import { MemoryLog } from "./memory-log.ts";
import { createStore, type MemoryLogOptions } from "./memory-log-options.ts";
import type { ChannelState, MemoryStore } from "./store/memory-store.ts";
import { RetainedMessages } from "./store/retained-messages.ts";

/** Creates the in-memory log, or a subclass, on a store that another log may have used before. */
export type CreateMemoryLog = (options: MemoryLogOptions, store: MemoryStore) => MemoryLog;

/** Options of {@link memoryHarness}. */
export interface MemoryHarnessOptions {
  /** @defaultValue `MemoryLog` itself */
  readonly createLog?: CreateMemoryLog;
  /** Stored messages survive a restart, as if on disk. @defaultValue false */
  readonly durable?: boolean;
  /** @defaultValue that of {@link LogHarness} */
  readonly graceMs?: number;
}

/** The harness of the in-memory log, and an example harness: it changes the store behind the log. */
export function memoryHarness(options: MemoryHarnessOptions = {}): LogHarness {
  const { createLog = (...args) => new MemoryLog(...args), durable = false, ...rest } = options;
  const lacks = { another: "an in-memory log has only one process" };
  return { ...rest, durable, lacks, create: async () => memoryUnderTest(createLog, durable) };
}

function memoryUnderTest(createLog: CreateMemoryLog, durable: boolean): LogUnderTest {
  let nowMs = 0;
  const keyTtlMs = 1_000;
  const options: MemoryLogOptions = { keyTtlMs, now: () => nowMs };
  let store = createStore(options);
  let log = createLog(options, store);
  return {
    log,
    async trim(channel, keepLast) {
      const { retained } = store.get(channel);
      retained.dropOldest(Math.max(0, retained.length - keepLast));
    },
    async lose(channel, count) {
      store.keep(channel, withoutNewest(store.get(channel), count, nowMs));
    },
    async expireKeys() {
      nowMs += keyTtlMs;
    },
    async restart() {
      await log.dispose();
      if (!durable) store = createStore(options);
      log = createLog(options, store);
      return log;
    },
    dispose: () => log.dispose(),
  };
}

function withoutNewest({ epoch, retained }: ChannelState, count: number, nowMs: number): ChannelState {
  const older = new RetainedMessages(retained.start, retained.startSeq);
  const kept = retained.slice(0, retained.length - count, Number.POSITIVE_INFINITY);
  for (const message of kept) older.push(message, nowMs);
  return { epoch, retained: older, closed: false };
}
