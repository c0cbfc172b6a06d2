import { type Cursor, isCursor, type Position } from "@tidemark/protocol";
import type { CursorStore } from "./cursor-store.ts";

/** What the application has handled, and what the store knows of it. */
export interface Progress {
  /** Everything before it was handled. */
  committed?: Cursor | undefined;
  /** The message that was handed on last and is not committed. */
  outstanding?: Cursor | undefined;
  /** The stored cursor. Throws a TypeError if the store holds something else. */
  load(): Promise<Cursor | undefined>;
  /** Commit up to a cursor, by default that of the message handed on last; nothing to do if that is committed. */
  commit(cursor?: Cursor): Promise<void>;
  /** Everything received was handed on: what was received beyond the messages counts as handled if they are. */
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
      const cursor = await store?.load();
      if (cursor !== undefined && !isCursor(cursor))
        throw new TypeError(`not a cursor in the store: ${cursor}`);
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
