export {
  CLOSED_EVENT,
  type EventFields,
  encodeEvent,
  HEARTBEAT_EVENT,
  isEventName,
  OPEN_EVENT,
} from "./event-stream/event-stream.ts";
export {
  createEventStreamDecoder,
  type EventStreamDecoder,
  type EventStreamDecoderOptions,
  type EventStreamSink,
} from "./event-stream/event-stream-decoder.ts";
export type { JsonText } from "./json/json-text.ts";
export { type Cursor, isCursor, isPosition, type Position } from "./pages/cursor.ts";
export {
  type Draft,
  type EventName,
  encodeMessage,
  type Message,
  type RawDraft,
  type RawMessage,
} from "./pages/message.ts";
export {
  encodePage,
  type Gap,
  type GapReason,
  type Page,
  parsePage,
  type RawPage,
  readGap,
} from "./pages/page.ts";
export {
  type ParsedProblem,
  PROBLEM_BASE,
  PROBLEMS,
  type Problem,
  type ProblemCode,
  ProtocolError,
  type ProtocolErrorOptions,
  parseProblem,
} from "./problem.ts";
export { type Claims, formatClaims, type MechanismName, parseClaims } from "./requests/claims.ts";
export { formatIdempotencyKey, parseIdempotencyKey } from "./requests/idempotency-key.ts";
export { type PublishLimits, parsePublish } from "./requests/parse-publish.ts";
export type { Publish, Published, RawPublish } from "./requests/publish.ts";
export { buildReadUrl, type ReadParameters } from "./requests/read-url.ts";
export { parseReadRequest, type ReadRequest } from "./requests/request.ts";
