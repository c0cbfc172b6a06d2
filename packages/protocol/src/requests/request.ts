import { isEventName } from "../event-stream/event-stream.ts";
import { isPosition, type Position } from "../pages/cursor.ts";
import { ProtocolError } from "../problem.ts";
import { admitsJson, parseAccept, prefersEventStream } from "./accept.ts";

/** The parameters of a GET or HEAD request. */
export interface ReadRequest {
  /** Whether the request asks for Server-Sent Events, by `stream=1` or by `Accept`. */
  readonly sse: boolean;
  /** Whether the request accepts JSON, in case Server-Sent Events are not offered. */
  readonly acceptsJson: boolean;
  readonly after: Position | undefined;
  /**
   * The header field `Last-Event-ID`, else the parameter `lastEventId`, as sent and not validated. Undefined
   * unless the request asks for Server-Sent Events.
   */
  readonly lastEventId: string | undefined;
  /** Seconds, not clamped. */
  readonly waitS: number | undefined;
  /** At least 1, not clamped. */
  readonly limit: number | undefined;
  readonly gap: "start" | "end" | undefined;
  /** The event names to keep, without duplicates. */
  readonly events: readonly string[] | undefined;
}

/** The parameter that replaces `Last-Event-ID` in libraries that cannot set it. Spec: sse, SSE-RESUME-5. */
const LAST_EVENT_ID = "lastEventId";

/** The most names that `event=` may list. */
const MAX_EVENT_NAMES = 32;

/**
 * Parse the parameters and header fields of a GET or HEAD request.
 *
 * @throws ProtocolError `invalid-parameter` or `unsupported-parameter`.
 */
export function parseReadRequest(
  query: URLSearchParams,
  headers: { readonly accept?: string | undefined; readonly lastEventId?: string | undefined },
  offers: { readonly event: boolean },
): ReadRequest {
  const ranges = parseAccept(headers.accept ?? "");
  const after = single(query, "after", isPosition);
  const wait = single(query, "wait", isDigits);
  const limit = single(query, "limit", isPositive);
  const gap = single(query, "gap", isReserved);
  const stream = single(query, "stream", (text) => text === "1");
  const sse = stream !== undefined || prefersEventStream(ranges);
  return {
    sse,
    acceptsJson: admitsJson(ranges),
    after,
    lastEventId: sse ? headers.lastEventId || query.getAll(LAST_EVENT_ID).join(", ") || undefined : undefined,
    waitS: wait === undefined ? undefined : toSafeInteger(wait),
    limit: limit === undefined ? undefined : toSafeInteger(limit),
    gap: gap === "start" || gap === "end" ? gap : undefined,
    events: readEvents(query, offers.event),
  };
}

/** The value of a parameter, if present; throws if it is repeated or malformed. */
function single(
  query: URLSearchParams,
  parameter: string,
  isValid: (text: string) => boolean,
): string | undefined {
  const values = query.getAll(parameter);
  const [value] = values;
  if (value === undefined) return undefined;
  const fault = values.length > 1 ? "is repeated" : isValid(value) ? undefined : "is malformed";
  if (fault === undefined) return value;
  throw new ProtocolError("invalid-parameter", `the parameter ${parameter} ${fault}`, {
    members: { parameter },
  });
}

function readEvents(query: URLSearchParams, offered: boolean): readonly string[] | undefined {
  if (query.has("event") && !offered) {
    throw new ProtocolError("unsupported-parameter", "the filter event is not offered here", {
      members: { parameter: "event" },
    });
  }
  const list = single(query, "event", (text) => {
    const names = text.split(",");
    return names.length <= MAX_EVENT_NAMES && names.every(isEventName);
  });
  return list === undefined ? undefined : [...new Set(list.split(","))];
}

function isDigits(text: string): boolean {
  return /^[0-9]+$/.test(text);
}

function isPositive(text: string): boolean {
  return isDigits(text) && /[1-9]/.test(text);
}

function isReserved(text: string): boolean {
  return text === "start" || text === "end";
}

/** Accepts any number of digits; values beyond exact integers would be clamped anyway. */
function toSafeInteger(digits: string): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}
