import { type Cursor, isCursor, type Position } from "@tidemark/protocol";
import type { CursorStore } from "../stores/cursor-store.ts";

/** How far the application has handled the messages, and how far the store knows. */
export interface Progress {
  /** Everything up to this cursor is handled. */
  committed?: Cursor | undefined;
  /** The last delivered message, while it is not committed. */
  outstanding?: Cursor | undefined;
  /** Load the stored cursor. Throws a TypeError if it is invalid. */
  load(): Promise<Cursor | undefined>;
  /** Commit up to a cursor, by default that of the last delivered message. */
  commit(cursor?: Cursor): Promise<void>;
  /** When all received messages are delivered, commit the received position if they are all committed. */
  settle(received: Position): Promise<void>;
}

export function createProgress(store: CursorStore | undefined): Progress {
  async function save(cursor: Cursor | undefined): Promise<void> {
    if (cursor === undefined || cursor === progress.committed) return;
    await store?.save(cursor);
    progress.committed = cursor;
  }
  const progress: Progress = {
    async load() {
      // Many stores return null if nothing was saved.
      const cursor = (await store?.load()) ?? undefined;
      if (cursor !== undefined && (typeof cursor !== "string" || !isCursor(cursor)))
        throw new TypeError(`invalid cursor in the store: ${cursor}`);
      progress.committed = cursor;
      return cursor;
    },
    async commit(cursor = progress.outstanding) {
      if (cursor === progress.outstanding) progress.outstanding = undefined;
      await save(cursor);
    },
    async settle(received) {
      if (progress.outstanding === undefined && isCursor(received)) await save(received);
    },
  };
  return progress;
}
