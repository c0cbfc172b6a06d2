import type { StoredRecord } from "./record.ts";

/** How long a record counts for the last one of its channel, in milliseconds. */
const MAX_AGE_MS = 1_000;
const MAX_CHANNELS = 1_000;

/**
 * The last record of each channel that this process put, for a moment: good to put the next one behind, which NATS
 * refuses if it is not the last any more; good for nothing else.
 */
export class LatestRecords {
  readonly #records = new Map<string, { readonly record: StoredRecord; readonly until: number }>();
  #isEnabled = true;

  get(channel: string): StoredRecord | undefined {
    const known = this.#records.get(channel);
    return known && performance.now() < known.until ? known.record : undefined;
  }

  set(channel: string, record: StoredRecord): void {
    if (!this.#isEnabled) return;
    if (this.#records.size >= MAX_CHANNELS) this.#records.clear();
    this.#records.set(channel, { record, until: performance.now() + MAX_AGE_MS });
  }

  delete(channel: string): void {
    this.#records.delete(channel);
  }

  /** Something was done to the stream: a record at the same number may be another one. */
  clear(): void {
    this.#records.clear();
  }

  /** What is done to the stream is not told: nothing is remembered any more. */
  disable(): void {
    this.#isEnabled = false;
    this.clear();
  }
}
