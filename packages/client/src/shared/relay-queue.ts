import type { Batch } from "@tidemark/client-core/kit";

/** The most that waits for an application that does not ask for messages, in bytes and in batches. */
const MAX_QUEUED_BYTES = 4 * 1024 * 1024;
const MAX_QUEUED_BATCHES = 1_000;

/** A batch of the leader, and the position that it follows. */
export interface Relayed {
  readonly from: string;
  readonly batch: Batch & { readonly cursor: string };
  /** About how many bytes its messages have. */
  readonly bytes: number;
}

/**
 * What a tab has heard from its leader. It gives out a batch only where the tab's own position is, so whatever
 * the leader says, and whichever messages are lost on the way, no message is repeated, left out or reordered.
 */
export class RelayQueue {
  #relayed: Relayed[] = [];
  #bytes = 0;
  /** More was heard than fits. What follows is dropped, until {@link restart}. */
  #isFull = false;
  /** Where the leader is; undefined until it has said so. */
  end: string | undefined;

  push(relayed: Relayed): void {
    this.end = relayed.batch.cursor;
    this.#bytes += relayed.bytes;
    if (this.#bytes > MAX_QUEUED_BYTES || this.#relayed.length >= MAX_QUEUED_BATCHES) this.#isFull = true;
    if (this.#isFull) this.#relayed = [];
    else this.#relayed.push(relayed);
  }

  /** Collect again, before the tab reads what it missed by itself. */
  restart(): void {
    if (!this.#isFull) return;
    this.#isFull = false;
    this.#bytes = 0;
  }

  /** Take what follows a position; undefined if nothing known does. */
  take(position: string): Batch | undefined {
    for (const [index, { from, batch }] of this.#relayed.entries()) {
      const { messages, cursor } = batch;
      const known = messages.findIndex((message) => message.cursor === position);
      if (from !== position && known < 0 && cursor !== position) continue;
      this.#drop(index + 1);
      if (cursor === position && from !== position) return this.take(position);
      return { ...batch, messages: messages.slice(known + 1) };
    }
    return undefined;
  }

  /** The leader is where this position is, or the tab knows nothing about the leader. */
  isCaughtUp(position: string): boolean {
    return !this.#isFull && (this.end === undefined || this.end === position);
  }

  #drop(count: number): void {
    for (const { bytes } of this.#relayed.splice(0, count)) this.#bytes -= bytes;
  }
}
