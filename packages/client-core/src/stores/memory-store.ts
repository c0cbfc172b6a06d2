import type { Cursor } from "@tidemark/protocol";
import type { CursorStore } from "./cursor-store.ts";

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
