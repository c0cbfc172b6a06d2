import type { Cursor } from "@tidemark/protocol";
import type { CursorStore } from "./cursor-store.ts";

/** A cursor store that lives as long as the program: a later subscription reads on where an earlier one ended. */
export function memoryStore(cursor?: Cursor): CursorStore {
  let kept = cursor;
  return {
    load: () => kept,
    save(next) {
      kept = next;
    },
  };
}
