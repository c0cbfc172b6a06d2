import { encodeEvent, isCursor, parseReadRequest } from "@tidemark/protocol";
import {
  type Answer,
  type Beginning,
  beginAfterGap,
  beginStream,
  type ChannelContext,
  type ChannelRequest,
  FEED_READ,
  type Mechanism,
  unknownGap,
} from "@tidemark/server-core";
import { Stream, type StreamSettings } from "./stream.ts";
import { type StreamForm, TIDEMARK_FORM } from "./stream-form.ts";

/** Options of {@link sseMechanism}. */
export interface SseMechanismOptions {
  /** Longest silence of a stream, in whole seconds from 1 to 300; stay below every proxy's idle timeout. @defaultValue 15 */
  readonly heartbeatS?: number;
  /** Milliseconds, 1 to 60 000, after which a client reconnects; each stream gets up to 50 % more. @defaultValue 2_000 */
  readonly retryMs?: number;
  /**
   * Seconds after which a stream ends (each up to 10 % later), so that its client reconnects, perhaps to another
   * server; `null`: never. @defaultValue null
   */
  readonly maxAgeS?: number | null;
}

const STREAM_HEADERS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store, no-transform",
  "X-Accel-Buffering": "no",
  Incremental: "?1",
} as const;

/** The largest `retry:` that a stream may send; the smallest is 1. Spec: sse, SSE-OPEN-5. */
const MAX_RETRY_MS = 60_000;

/** Server-Sent Events as a mechanism, to combine with others. Spec: sse. */
export function sseMechanism(options: SseMechanismOptions = {}): Mechanism {
  const settings = settingsOf(options, TIDEMARK_FORM);
  const { heartbeatS } = settings;
  return {
    name: "sse",
    methods: ["GET", "HEAD"],
    claims: () => ({ mechanisms: ["sse"], heartbeatS }),
    parse: parseReadRequest,
    accepts: ({ method, read }) => (method === "HEAD" ? "fallback" : read.sse),
    answer: (request, channel) => answerStream(request, channel, settings),
  };
}

/**
 * Answers requests for a channel with a stream in another form: `request.read` says where it begins.
 * @throws RangeError for an invalid option
 */
export function streamAnswers(options: SseMechanismOptions, form: StreamForm): Mechanism["answer"] {
  const settings = settingsOf(options, form);
  return (request, channel) => answerStream(request, channel, settings);
}

function settingsOf(options: SseMechanismOptions, form: StreamForm): StreamSettings {
  const { heartbeatS = 15, retryMs = 2_000, maxAgeS = null } = options;
  if (!Number.isInteger(heartbeatS) || heartbeatS < 1 || heartbeatS > 300)
    throw new RangeError(`heartbeatS has to be a whole number from 1 to 300, not ${heartbeatS}`);
  return {
    heartbeatS,
    retryMs: () => jittered(retryMs),
    maxAgeMs: maxAgeS === null ? null : maxAgeS * 1_000,
    form,
  };
}

async function answerStream(
  request: ChannelRequest,
  channel: ChannelContext,
  settings: StreamSettings,
): Promise<Answer> {
  const beginning = await beginAt(request, channel);
  const { page, gap } = beginning;
  const atEnd = page.closed && page.from === page.cursor && !gap;
  if (atEnd && request.read.lastEventId !== undefined) return { status: 204, headers: {} };
  if (request.method === "HEAD") return { status: 200, headers: STREAM_HEADERS };
  const connection = channel.connect("stream");
  if (!connection) return refusal(settings);
  return {
    status: 200,
    headers: STREAM_HEADERS,
    body: new Stream(beginning, request.read.events, channel, connection, settings),
  };
}

/** `Last-Event-ID` wins; an invalid one is a gap. Spec: sse, SSE-RESUME-1 and 4. */
async function beginAt({ read }: ChannelRequest, channel: ChannelContext): Promise<Beginning> {
  const { lastEventId, after = "start" } = read;
  if (lastEventId === undefined || isCursor(lastEventId))
    return beginStream(channel, read, lastEventId ?? after);
  const gap = await unknownGap(channel, lastEventId);
  return beginAfterGap(channel, read, gap, FEED_READ.maxMessages);
}

/** A soft refusal: after a `503`, an `EventSource` would never reconnect. Spec: sse, SSE-REFUSE-1. */
function refusal({ retryMs }: StreamSettings): Answer {
  return { status: 200, headers: STREAM_HEADERS, body: encodeEvent({ retry: retryMs() }) };
}

function jittered(retryMs: number): number {
  return Math.min(MAX_RETRY_MS, Math.max(1, Math.ceil(retryMs * (1 + Math.random() / 2))));
}
