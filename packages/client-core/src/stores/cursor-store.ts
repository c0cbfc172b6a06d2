import type { Cursor } from "@tidemark/protocol";

/** Stores the committed cursor of one channel, so that a later client resumes there. */
export interface CursorStore {
  /** The last saved cursor; undefined (or null) if nothing was saved. */
  load(): Promise<Cursor | undefined> | Cursor | undefined;
  /**
   * Save a cursor. Resolves when it is durable; the next message is delivered only then. After a stop, the
   * subscription waits 500 ms at most.
   */
  save(cursor: Cursor): Promise<void> | void;
}

/** A cursor store in memory: a later subscription in the same process resumes where an earlier one ended. */
export function memoryStore(cursor?: Cursor): CursorStore {
  let kept = cursor;
  return {
    load: () => kept,
    save(next) {
      kept = next;
    },
  };
}
