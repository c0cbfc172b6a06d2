import type { CursorStore } from "./cursor-store.ts";

/** The object store in IndexedDB. */
const STORE = "cursors";

/** A cursor store in the browser's `localStorage`. Use one `key` per channel and consumer. */
export function localStorageStore(key: string, storage: Storage = globalThis.localStorage): CursorStore {
  return {
    load: () => storage.getItem(key) ?? undefined,
    save: (cursor) => storage.setItem(key, cursor),
  };
}

/**
 * A cursor store in the browser's IndexedDB, for pages and workers. Use one `key` per channel and consumer.
 * All tabs of the origin share the store: only one of them should follow the channel.
 */
export function indexedDbStore(key: string, database = "tidemark"): CursorStore {
  let opened: Promise<IDBDatabase> | undefined;
  async function inStore<T>(
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    opened ??= open(database);
    const transaction = (await opened).transaction(STORE, mode);
    const asked = ask(transaction.objectStore(STORE));
    await settled(transaction, "complete");
    return asked.result;
  }
  return {
    load: () => inStore("readonly", (store) => store.get(key)),
    async save(cursor) {
      await inStore("readwrite", (store) => store.put(cursor, key));
    },
  };
}

async function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  await settled(request, "success");
  return request.result;
}

/** Resolve at the event; reject with the target's error if it fails or aborts. */
function settled(target: IDBRequest | IDBTransaction, event: "success" | "complete"): Promise<unknown> {
  return new Promise((resolve, reject) => {
    target.addEventListener(event, resolve);
    for (const failure of ["error", "abort"]) target.addEventListener(failure, () => reject(target.error));
  });
}
