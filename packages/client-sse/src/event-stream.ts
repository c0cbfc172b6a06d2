// The entry `@tidemark/client-sse/event-stream`: streams of any server.
export { AnswerError, ConnectionError } from "@tidemark/client-core";
export { readEventStream } from "./event-stream/read-event-stream.ts";
export type {
  EventStream,
  EventStreamOptions,
  StreamAttempt,
  StreamComment,
  StreamEvent,
  StreamSource,
} from "./event-stream/stream-options.ts";
