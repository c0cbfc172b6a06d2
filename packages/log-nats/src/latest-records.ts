import type { StoredRecord } from "./record.ts";

/** How long a record is assumed to be the last of its channel, in milliseconds. */
const MAX_AGE_MS = 1_000;
const MAX_CHANNELS = 1_000;

/**
 * Caches for a short time the last record that this process put in each channel, only as the expected last
 * record of the next append, which NATS rejects if it is out of date.
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

  /** The stream was changed: the same number may now be another record. */
  clear(): void {
    this.#records.clear();
  }

  /** NATS does not report changes of the stream to this process: cache nothing from now on. */
  disable(): void {
    this.#isEnabled = false;
    this.clear();
  }
}
