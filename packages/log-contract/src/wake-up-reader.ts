import type { Log, Unwatch } from "@tidemark/log";
import type { Cursor } from "@tidemark/protocol";
import { dataOf, pagesFrom } from "./steps.ts";
import type { Subject } from "./subject.ts";

/** Follows a channel by wake-ups alone, as a feed does: watch, read, and read again after each wake-up. */
export class WakeUpReader {
  readonly seen: string[] = [];
  readonly #log: Log;
  readonly #channel: string;
  #from: Cursor;
  #dirty = false;
  #reading = false;
  #unwatch: Unwatch | undefined;
  #onProgress: (() => void) | undefined;
  #onFailure: ((error: unknown) => void) | undefined;
  #failure: unknown;

  private constructor(log: Log, channel: string, from: Cursor) {
    this.#log = log;
    this.#channel = channel;
    this.#from = from;
  }

  /** Follow from a position. Resolves once the watch is established. */
  static async start(log: Log, channel: string, from: Cursor): Promise<WakeUpReader> {
    const reader = new WakeUpReader(log, channel, from);
    reader.#unwatch = await log.watch(channel, () => reader.#wake());
    reader.#wake(); // read what was appended before the watch was established
    return reader;
  }

  /** Resolves once `count` messages have been read; rejects if the wake-ups do not get there in time. */
  async reaches(count: number, subject: Subject): Promise<void> {
    const done = new Promise<void>((resolve, reject) => {
      this.#onFailure = reject;
      this.#onProgress = () => {
        if (this.seen.length >= count) resolve();
      };
      if (this.#failure !== undefined) reject(this.#failure);
      this.#onProgress();
    });
    await subject.within(`following ${count} messages by wake-ups`, done);
  }

  async stop(): Promise<void> {
    await this.#unwatch?.();
  }

  #wake(): void {
    this.#dirty = true;
    if (this.#reading) return;
    this.#readOn().catch((error: unknown) => {
      this.#failure = error;
      this.#onFailure?.(error);
    });
  }

  async #readOn(): Promise<void> {
    this.#reading = true;
    while (this.#dirty) {
      this.#dirty = false;
      await this.#readToEnd();
      this.#onProgress?.();
    }
    this.#reading = false; // in the same turn as the check of #dirty: a wake-up in between would be lost
  }

  async #readToEnd(): Promise<void> {
    for await (const page of pagesFrom(this.#log, this.#channel, this.#from, { maxMessages: 3 })) {
      this.seen.push(...dataOf(page));
      this.#from = page.cursor;
    }
  }
}
