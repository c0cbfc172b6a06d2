import type { SubscribeOptions, Subscription } from "@tidemark/client-core";
import { createSubscription } from "@tidemark/client-core/kit";
import { longPolling } from "./long-polling.ts";

/** Follow a channel by long polling. Throws a TypeError if the URL or `after` is invalid. */
export function subscribe<T = unknown>(url: string | URL, options: SubscribeOptions = {}): Subscription<T> {
  return createSubscription<T>(longPolling, url, options);
}

export {
  AnswerError,
  type CursorStore,
  GapError,
  indexedDbStore,
  localStorageStore,
  memoryStore,
  type SubscribeOptions,
  type Subscription,
  TooLargeError,
} from "@tidemark/client-core";
export { longPolling } from "./long-polling.ts";
