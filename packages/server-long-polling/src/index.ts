export {
  type LongPollingOptions,
  type LongPollOptions,
  longPolling,
  longPollMechanism,
} from "./long-polling.ts";
