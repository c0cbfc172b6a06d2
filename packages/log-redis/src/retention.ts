import type { RetentionOptions } from "@tidemark/log";

/** {@link RetentionOptions} with every bound a number that Lua takes. */
export interface Retention {
  readonly maxMessages: number;
  readonly maxAgeMs: number;
  readonly maxBytes: number;
}

const MIB = 1024 * 1024;

/** Fill in the defaults: those of the log in memory. @throws RangeError for a bound that is no number, or too small. */
export function resolveRetention(options: RetentionOptions = {}): Retention {
  const { maxMessages = 100_000, maxAgeMs = null, maxBytes = 64 * MIB } = options;
  return {
    maxMessages: atLeast(1, maxMessages, "retention.maxMessages"),
    maxAgeMs: atLeast(0, maxAgeMs, "retention.maxAgeMs"),
    maxBytes: atLeast(0, maxBytes, "retention.maxBytes"),
  };
}

/** `value` as a whole number, the largest one for `null`. @throws RangeError below `least`, and for `NaN`. */
export function atLeast(least: number, value: number | null, name: string): number {
  if (value === null) return Number.MAX_SAFE_INTEGER;
  if (!(value >= least)) throw new RangeError(`${name} must be at least ${least}, not ${value}`);
  return Math.min(Math.floor(value), Number.MAX_SAFE_INTEGER);
}
