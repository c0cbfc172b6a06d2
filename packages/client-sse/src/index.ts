import type { SubscribeOptions, Subscription } from "@tidemark/client-core";
import { createSubscription } from "@tidemark/client-core/kit";
import { sse } from "./sse.ts";

/** Follow a channel by Server-Sent Events. Throws a TypeError if the URL or `after` is invalid. */
export function subscribe<T = unknown>(url: string | URL, options: SubscribeOptions = {}): Subscription<T> {
  return createSubscription<T>(sse, url, options);
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
export { sse } from "./sse.ts";
