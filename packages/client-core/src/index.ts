export { AnswerError, ConnectionError, GapError, TooLargeError } from "./errors/errors.ts";
export type { State } from "./loop/state.ts";
export type { SubscribeOptions, Subscription } from "./loop/subscribe-options.ts";
export type { CursorStore } from "./stores/cursor-store.ts";
export { indexedDbStore } from "./stores/indexed-db-store.ts";
export { localStorageStore } from "./stores/local-storage-store.ts";
export { memoryStore } from "./stores/memory-store.ts";
