import { admitsJson, parseAccept, prefersEventStream } from "./accept.ts";
import { isPosition, type Position } from "./cursor.ts";
import { isEventName } from "./event-name.ts";
import { ProtocolError } from "./problem.ts";

/** What a GET or HEAD asks for. */
export interface ReadRequest {
  /** Server-Sent Events are asked for, by `stream=1` or by `Accept`. */
  readonly sse: boolean;
  /** JSON is an answer too, where Server-Sent Events are asked for and not offered. */
  readonly acceptsJson: boolean;
  readonly after: Position | undefined;
  /**
   * As it was sent, inside the cursor grammar or not; only where Server-Sent Events are asked for. The header field
   * `Last-Event-ID`, else the parameter `lastEventId`.
   */
  readonly lastEventId: string | undefined;
  /** Seconds, not clamped. */
  readonly waitS: number | undefined;
  /** At least 1, not clamped. */
  readonly limit: number | undefined;
  readonly gap: "start" | "end" | undefined;
  /** The events to keep, without doubles. */
  readonly events: readonly string[] | undefined;
}

/** Where libraries that cannot set `Last-Event-ID` put it. Spec: sse, SSE-RESUME-5. */
const LAST_EVENT_ID = "lastEventId";

/** The most names that `event=` may list. */
const MAX_EVENT_NAMES = 32;

/**
 * Read the parameters and header fields of a GET or HEAD.
 *
 * @throws ProtocolError `invalid-parameter`, `unsupported-parameter`.
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

/** The one value of a parameter, or undefined; repeated or malformed it is refused. */
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

/** Any number of digits is taken; what is beyond exact integers would be clamped anyway. */
function toSafeInteger(digits: string): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}
