import type { Cursor } from "@tidemark/protocol";

/** Keeps the committed cursor of one channel, so that a later client reads on from it. */
export interface CursorStore {
  /** The cursor that was saved last; undefined if there is none. */
  load(): Promise<Cursor | undefined> | Cursor | undefined;
  /** Resolves when the cursor is kept; the next message is handed on only then. */
  save(cursor: Cursor): Promise<void> | void;
}
