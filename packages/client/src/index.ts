export {
  AnswerError,
  type CursorStore,
  GapError,
  indexedDbStore,
  localStorageStore,
  memoryStore,
  TooLargeError,
} from "@tidemark/client-core";
export { type PublishOptions, publish } from "@tidemark/client-publishing";
export { type SubscribeOptions, subscribe } from "./subscribe.ts";
