export type { CursorStore } from "./cursor-store.ts";
export { AnswerError, ConnectionError, GapError, TooLargeError } from "./errors.ts";
export { indexedDbStore } from "./indexed-db-store.ts";
export { localStorageStore } from "./local-storage-store.ts";
export { memoryStore } from "./memory-store.ts";
export type { State } from "./state.ts";
export type { SubscribeOptions, Subscription } from "./subscribe-options.ts";
