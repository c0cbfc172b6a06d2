export { type Claims, formatClaims, type MechanismName, parseClaims } from "./claims.ts";
export { type Cursor, isCursor, isPosition, type Position } from "./cursor.ts";
export { isEventName } from "./event-name.ts";
export { CLOSED_EVENT, type EventFields, encodeEvent, HEARTBEAT_EVENT, OPEN_EVENT } from "./event-stream.ts";
export {
  createEventStreamDecoder,
  type EventStreamDecoder,
  type EventStreamDecoderOptions,
} from "./event-stream-decoder.ts";
export type { EventStreamSink } from "./event-stream-sink.ts";
export { formatIdempotencyKey, parseIdempotencyKey } from "./idempotency-key.ts";
export type { JsonText } from "./json-text.ts";
export {
  type Draft,
  type EventName,
  encodeMessage,
  type Message,
  type RawDraft,
  type RawMessage,
} from "./message.ts";
export {
  encodePage,
  type Gap,
  type GapReason,
  type Page,
  parsePage,
  type RawPage,
  readGap,
} from "./page.ts";
export { type PublishLimits, parsePublish } from "./parse-publish.ts";
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
export type { Publish, Published, RawPublish } from "./publish.ts";
export { buildReadUrl, type ReadParameters } from "./read-url.ts";
export { parseReadRequest, type ReadRequest } from "./request.ts";
