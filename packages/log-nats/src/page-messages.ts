import type { RawMessage } from "@tidemark/protocol";
import { sizeOf } from "./record.ts";

/** Collects the messages of a page up to its bounds; the first one counts against neither. */
export class PageMessages {
  readonly messages: RawMessage[] = [];
  readonly #maxMessages: number;
  readonly #maxBytes: number;
  #bytes = 0;
  full = false;

  constructor(maxMessages: number, maxBytes: number) {
    this.#maxMessages = maxMessages;
    this.#maxBytes = maxBytes;
  }

  /** How many more messages the page may hold. */
  get wanted(): number {
    return this.#maxMessages - this.messages.length;
  }

  add(messages: Iterable<RawMessage>): void {
    for (const message of messages) {
      const bytes = this.#bytes + sizeOf(message);
      this.full ||= this.messages.length > 0 && (this.wanted < 1 || bytes > this.#maxBytes);
      if (this.full) return;
      this.messages.push(message);
      this.#bytes = bytes;
      if (this.wanted < 1) break;
    }
    this.full = this.wanted < 1;
  }
}
