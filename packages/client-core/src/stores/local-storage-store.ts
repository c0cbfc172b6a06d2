import type { CursorStore } from "./cursor-store.ts";

/** A cursor store in the browser's `localStorage`. Use one `key` per channel and consumer. */
export function localStorageStore(key: string, storage: Storage = globalThis.localStorage): CursorStore {
  return {
    load: () => storage.getItem(key) ?? undefined,
    save: (cursor) => storage.setItem(key, cursor),
  };
}
