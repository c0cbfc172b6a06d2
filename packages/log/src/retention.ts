/**
 * How much a channel keeps. When any bound is exceeded, the oldest messages are dropped. `null` turns a bound
 * off.
 */
export interface RetentionOptions {
  /** @defaultValue 100_000 */
  readonly maxMessages?: number | null;
  /** Milliseconds since the append. @defaultValue null */
  readonly maxAgeMs?: number | null;
  /** Bytes of data and event names as UTF-8; the newest message is always kept. @defaultValue 64 MiB */
  readonly maxBytes?: number | null;
}

/** {@link RetentionOptions} with every bound a number; `Infinity` means no bound. */
export interface Retention {
  readonly maxMessages: number;
  readonly maxAgeMs: number;
  readonly maxBytes: number;
}

const MIB = 1024 * 1024;

/**
 * Fill in the defaults. @throws RangeError for a bound that is not a number, or too small to keep a message.
 */
export function resolveRetention(options: RetentionOptions = {}): Retention {
  const { maxMessages = 100_000, maxAgeMs = null, maxBytes = 64 * MIB } = options;
  return {
    maxMessages: atLeast(1, maxMessages, "retention.maxMessages"),
    maxAgeMs: atLeast(0, maxAgeMs, "retention.maxAgeMs"),
    maxBytes: atLeast(0, maxBytes, "retention.maxBytes"),
  };
}

/** `value`, or `Infinity` for `null`. @throws RangeError below `least`, and for `NaN`. */
export function atLeast(least: number, value: number | null, name: string): number {
  if (value === null) return Number.POSITIVE_INFINITY;
  if (!(value >= least)) throw new RangeError(`${name} must be at least ${least}, not ${value}`);
  return value;
}
