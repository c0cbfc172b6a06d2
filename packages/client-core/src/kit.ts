// The entry `@tidemark/client-core/kit`: building blocks for mechanisms and for publishing.
export { abortable } from "./abortable.ts";
export { advise } from "./advice.ts";
export { fullJitter, MAX_WAIT_MS } from "./backoff.ts";
export { chunksOf, readText } from "./body.ts";
export { decode } from "./broken.ts";
export { channelUrl } from "./channel-url.ts";
export { type Connection, connect } from "./connection.ts";
export { type Delay, delay } from "./delay.ts";
export { announceRetry, countFailure } from "./failing.ts";
export type { Batch, Mechanism } from "./mechanism.ts";
export { onAbort } from "./on-abort.ts";
export { type PageAnswer, requestPage } from "./request-page.ts";
export { createSubscription } from "./subscription.ts";
export { exchange, type TransportOptions } from "./transport.ts";
export { type Wait, watchdog } from "./watchdog.ts";
