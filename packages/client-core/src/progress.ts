import { type Cursor, isCursor, type Message, type Position } from "@tidemark/protocol";
import type { CursorStore } from "./cursor-store.ts";

/** What the application has handled, and what the store knows of it. */
export class Progress {
  /** Everything before it was handled. */
  committed: Cursor | undefined;
  readonly #store: CursorStore | undefined;
  /** The message that was handed on last and is not committed. */
  #outstanding: Cursor | undefined;

  constructor(store: CursorStore | undefined) {
    this.#store = store;
  }

  /** The stored cursor. Throws a TypeError if the store holds something else. */
  async load(): Promise<Cursor | undefined> {
    const cursor = await this.#store?.load();
    if (cursor !== undefined && !isCursor(cursor)) throw new TypeError("the cursor store holds no cursor");
    this.committed = cursor;
    return cursor;
  }

  handOn(message: Message): void {
    this.#outstanding = message.cursor;
  }

  /** The message that was handed on last will not be committed. */
  abandon(): void {
    this.#outstanding = undefined;
  }

  /** Commit up to a cursor, by default that of the message handed on last; nothing to do if that is committed. */
  async commit(cursor: Cursor | undefined = this.#outstanding): Promise<void> {
    if (cursor === undefined) return;
    if (cursor === this.#outstanding) this.#outstanding = undefined;
    await this.#save(cursor);
  }

  /** Everything received was handed on: what was received beyond the messages counts as handled if they are. */
  async settle(received: Position): Promise<void> {
    if (this.#outstanding === undefined && isCursor(received)) await this.#save(received);
  }

  async #save(cursor: Cursor): Promise<void> {
    if (cursor === this.committed) return;
    await this.#store?.save(cursor);
    this.committed = cursor;
  }
}
