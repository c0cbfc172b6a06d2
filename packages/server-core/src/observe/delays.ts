import type { RawPage } from "@tidemark/protocol";
import type { Observer } from "./observer.ts";

/** The most appends, and the most written messages, that are remembered for one channel. */
const MAX_REMEMBERED = 1_024;

/**
 * Measures for one channel how long it takes from an append until its messages are written. The result of an append can
 * arrive before or after its messages are written, so whichever comes first is remembered.
 */
export class Delays {
  readonly #observer: Observer;
  /** When appends began whose messages were not written yet, by their last cursor. */
  readonly #appended = new Map<string, number>();
  /** When messages were written, by their cursor. */
  readonly #written = new Map<string, number>();
  #wokenMs: number | undefined;

  constructor(observer: Observer) {
    this.#observer = observer;
  }

  /** An append that began at `beganMs` has stored messages up to `cursor`. */
  appended(cursor: string, beganMs: number): void {
    const writtenMs = this.#written.get(cursor);
    if (writtenMs === undefined) remember(this.#appended, cursor, beganMs);
    else this.#observer.delivered(Math.max(0, writtenMs - beganMs));
  }

  /** The log has reported that there may be news. */
  woken(): void {
    this.#wokenMs ??= performance.now();
  }

  /** There was nothing new. */
  idle(): void {
    this.#wokenMs = undefined;
  }

  /** A page was written to everyone who waits for it. */
  written({ messages }: RawPage): void {
    const nowMs = performance.now();
    if (this.#wokenMs !== undefined) this.#observer.woken(nowMs - this.#wokenMs);
    this.#wokenMs = undefined;
    for (const { cursor } of messages) {
      const beganMs = this.#appended.get(cursor);
      if (beganMs === undefined) remember(this.#written, cursor, nowMs);
      else {
        this.#appended.delete(cursor);
        this.#observer.delivered(nowMs - beganMs);
      }
    }
  }
}

/** Add an entry, and drop the oldest if there are too many. */
function remember(entries: Map<string, number>, key: string, value: number): void {
  entries.set(key, value);
  if (entries.size > MAX_REMEMBERED) entries.delete(entries.keys().next().value ?? "");
}
