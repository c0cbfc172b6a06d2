import type { CursorStore } from "./cursor-store.ts";

/** The object store in IndexedDB. */
const STORE = "cursors";

/** The errors of a database that is closed or deleted at this moment, and how often to open it then. */
const CLEARED: ReadonlySet<string> = new Set([
  "AbortError",
  "InvalidStateError",
  "NotFoundError",
  "UnknownError",
]);
const MAX_TRIES = 5;

/** A cursor store in the browser's `localStorage`. Use one `key` per channel and consumer. */
export function localStorageStore(key: string, storage: Storage = globalThis.localStorage): CursorStore {
  return {
    load: () => storage.getItem(key) ?? undefined,
    save: (cursor) => storage.setItem(key, cursor),
  };
}

/**
 * A cursor store in the browser's IndexedDB, for pages and workers. Use one `key` per channel and consumer.
 * All tabs of the origin share the store: the cursor is the one that was saved last, by whichever tab. It
 * opens its database again if the user clears the site's data.
 */
export function indexedDbStore(key: string, database = "tidemark"): CursorStore {
  let opened: Promise<IDBDatabase> | undefined;
  const forget = (): void => {
    opened = undefined;
  };
  async function ask<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    opened ??= open(database, forget);
    const transaction = (await opened).transaction(STORE, mode);
    const asked = ask(transaction.objectStore(STORE));
    await settled(transaction, "complete");
    return asked.result;
  }
  async function inStore<T>(...asked: Parameters<typeof ask<T>>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await ask(...asked);
      } catch (error) {
        forget();
        if (tries === MAX_TRIES || !CLEARED.has((error as Error).name)) throw error;
      }
    }
  }
  return {
    load: () => inStore("readonly", (store) => store.get(key)),
    async save(cursor) {
      await inStore("readwrite", (store) => store.put(cursor, key));
    },
  };
}

/** Open a database; `closed` is called when it is closed, because it is being deleted. */
async function open(name: string, closed: () => void): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  await settled(request, "success");
  const { result } = request;
  result.onclose = closed;
  result.onversionchange = () => {
    result.close(); // an open database would hold up its deletion
    closed();
  };
  return result;
}

/** Resolve at the event; reject with the target's error if it fails or aborts. */
function settled(target: IDBRequest | IDBTransaction, event: "success" | "complete"): Promise<unknown> {
  return new Promise((resolve, reject) => {
    target.addEventListener(event, resolve);
    // A transaction whose database was closed has no error.
    const fail = (): void =>
      reject(target.error ?? new DOMException("the database was closed", "AbortError"));
    for (const failure of ["error", "abort"]) target.addEventListener(failure, fail);
  });
}
