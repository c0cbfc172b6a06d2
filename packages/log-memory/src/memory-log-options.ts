import type { RetentionOptions } from "@tidemark/log";
import { atLeast } from "@tidemark/log/parts";
import { MemoryStore } from "./store/memory-store.ts";
import { defaultMaxBytes } from "./store/room.ts";

const DAY_MS = 86_400_000;

/** Options of `MemoryLog`. */
export interface MemoryLogOptions {
  /** What each channel keeps; enforced at every append and read. */
  readonly retention?: RetentionOptions;
  /** How long an idempotency key is remembered, in milliseconds. @defaultValue 86_400_000 (a day) */
  readonly keyTtlMs?: number;
  /** Keys remembered over all channels; beyond that the oldest is forgotten early. @defaultValue 100_000 */
  readonly maxKeys?: number;
  /**
   * Channels that are kept; an append to one more fails with `storage-full`. An empty channel without
   * watchers is evicted when its place is needed, and continues at its position when written again.
   * @defaultValue 100_000
   */
  readonly maxChannels?: number;
  /**
   * Bytes of everything that the log keeps: data and event names as UTF-8, plus the overhead of each message,
   * channel and key. An append that needs more fails with `storage-full`. `null`: no bound.
   * @defaultValue a quarter of the heap limit
   */
  readonly maxBytes?: number | null;
  /**
   * Removed and evicted channels remembered; beyond that the readers of empty channels get a gap.
   * @defaultValue 100_000
   */
  readonly maxRemoved?: number;
  /** A monotonic clock, in milliseconds. @defaultValue `performance.now` */
  readonly now?: () => number;
}

/** Create an empty store with the bounds of these options. @internal */
export function createStore(options: MemoryLogOptions): MemoryStore {
  const { keyTtlMs = DAY_MS, maxKeys = 100_000, maxChannels = 100_000, maxRemoved = 100_000 } = options;
  const { maxBytes = defaultMaxBytes() } = options;
  return new MemoryStore({
    maxBytes: atLeast(1, maxBytes, "maxBytes"),
    keyTtlMs: atLeast(0, keyTtlMs, "keyTtlMs"),
    maxKeys: atLeast(1, maxKeys, "maxKeys"),
    maxChannels: atLeast(1, maxChannels, "maxChannels"),
    maxRemoved: atLeast(1, maxRemoved, "maxRemoved"),
  });
}
