export { type LongPollOptions, longPollMechanism } from "./long-poll-mechanism.ts";
export { type LongPollingOptions, longPolling } from "./long-polling.ts";
