// The entry `@tidemark/client-core/kit`: building blocks for mechanisms and for publishing.
export { fetch } from "@tidemark/std";
export { advise } from "./errors/advice.ts";
export { fullJitter, MAX_WAIT_MS, readRetryAfter, retryDelay } from "./loop/backoff.ts";
export type { Batch } from "./loop/batch.ts";
export { comeback, type Delay, delay } from "./loop/delay.ts";
export type { Mechanism } from "./loop/mechanism.ts";
export { announceRetry, countFailure } from "./loop/session.ts";
export { createSubscription } from "./loop/subscription.ts";
export { chunksOf, readText } from "./network/body.ts";
export { decode } from "./network/broken.ts";
export { channelUrl } from "./network/channel-url.ts";
export { type Connection, connect } from "./network/connection.ts";
export { abortable, onAbort, type Stoppable, stoppable } from "./network/on-abort.ts";
export { type PageAnswer, requestPage } from "./network/request-page.ts";
export {
  type HeadersRequest,
  type Retry,
  sendRequest,
  type TransportOptions,
} from "./network/transport.ts";
export { type Wait, watchdog } from "./network/watchdog.ts";
