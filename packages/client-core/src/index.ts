export { AnswerError, ConnectionError, GapError, TooLargeError } from "./errors/errors.ts";
export type { State } from "./loop/state.ts";
export type { SubscribeOptions, Subscription } from "./loop/subscribe-options.ts";
export { indexedDbStore, localStorageStore } from "./stores/browser-stores.ts";
export { type CursorStore, memoryStore } from "./stores/cursor-store.ts";
