import { AnswerError, ConnectionError } from "@tidemark/client-core";
import {
  abortable,
  channelUrl,
  fetch as platformFetch,
  readRetryAfter,
  type Wait,
} from "@tidemark/client-core/kit";
import type { EventStreamOptions, StreamAttempt, StreamSource } from "./stream-options.ts";

/** `fetch` joins repeated fields by commas; the last one counts, as in browsers. */
export const EVENT_STREAM: RegExp = /(^|,[\t ]*)text\/event-stream[\t ]*(;[^,]*)?$/i;

/** Time limit for the head of an answer, in milliseconds: language models can think before they answer. */
const CONNECT_TIMEOUT_MS = 60_000;

/** The longest id to send back, in bytes: common servers accept 8 KiB or 16 KiB of headers. */
const MAX_ID_BYTES = 4_096;

/** Run what may fail because of the network, or of the application's own requests; a failure can be retried. */
export async function network<T>(run: () => T | Promise<T>, failure: "cut" | "unreachable"): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw new ConnectionError(failure, `${cause}`, { cause });
  }
}

/** The request of one attempt. */
export interface Outgoing {
  readonly url: URL;
  readonly init: RequestInit & { readonly headers: Headers; readonly method: string };
}

/** Make the request of one attempt. Throws a ConnectionError if a function of the application fails. */
export async function makeRequest(
  source: StreamSource,
  options: EventStreamOptions,
  attempt: StreamAttempt,
  signal: AbortSignal,
): Promise<Outgoing> {
  const asked = await (typeof source === "function"
    ? abortable(
        network(() => fromRequest(source, attempt), "unreachable"),
        signal,
      )
    : fromOptions(channelUrl(source), options));
  const { headers } = asked.init;
  const { headers: own } = options;
  const fields =
    typeof own === "function"
      ? abortable(
          network(() => own(attempt), "unreachable"),
          signal,
        )
      : own;
  for (const [name, value] of new Headers(await fields)) headers.set(name, value);
  if (!headers.has("accept")) headers.set("accept", "text/event-stream");
  if (attempt.lastEventId !== "") headers.set("last-event-id", toField(attempt.lastEventId));
  const { credentials = asked.init.credentials } = options;
  return {
    url: asked.url,
    init: { ...asked.init, cache: "no-store", signal, ...(credentials && { credentials }) },
  };
}

function fromOptions(url: URL, { method = "GET", body }: EventStreamOptions): Outgoing {
  return {
    url,
    init: { method: method.toUpperCase(), headers: new Headers(), ...(body !== undefined && { body }) },
  };
}

/** Takes the request apart: not every `fetch` accepts the `Request` of another implementation. */
async function fromRequest(
  source: Extract<StreamSource, (...args: never) => unknown>,
  attempt: StreamAttempt,
): Promise<Outgoing> {
  const request = await source(attempt);
  const { url, method, headers, credentials } = request;
  const body = await request.arrayBuffer();
  return {
    url: channelUrl(url),
    init: { method, headers: new Headers(headers), credentials, ...(body.byteLength > 0 && { body }) },
  };
}

/** The id as the value of a field: its bytes in UTF-8, as WHATWG HTML prescribes. */
function toField(id: string): string {
  const bytes = new TextEncoder().encode(id);
  if (bytes.length > MAX_ID_BYTES || bytes.some((byte) => (byte < 0x20 && byte !== 0x09) || byte === 0x7f))
    throw new TypeError("the last event id cannot be sent in a header");
  return String.fromCharCode(...bytes);
}

/**
 * Send the request; resolves to the head of a stream, or to undefined if the server has no more (`204`).
 *
 * @throws ConnectionError if no answer comes, or if a successful answer is not a stream; AnswerError if the
 * server refuses.
 */
export async function openStream(
  { url, init }: Outgoing,
  options: EventStreamOptions,
  wait: Wait,
  signal: AbortSignal,
): Promise<Response | undefined> {
  const { fetch = platformFetch, connectTimeoutMs = CONNECT_TIMEOUT_MS, onAnswer } = options;
  const head = network(() => fetch(url, init), "unreachable");
  const response = await wait(head, connectTimeoutMs, `no answer in ${connectTimeoutMs} ms`);
  if (onAnswer) await abortable((async () => onAnswer(response))(), signal);
  const { status, headers } = response;
  if (status === 204) return undefined;
  const type = headers.get("content-type") ?? "no content-type";
  if (status === 200 && EVENT_STREAM.test(type)) return response;
  const retryAfterMs = readRetryAfter(headers.get("retry-after"));
  if (status < 400)
    throw new ConnectionError("foreign", `the answer (${status}, ${type}) is not an event stream`, {
      retryAfterMs,
    });
  throw new AnswerError(status, undefined, {}, { retryAfterMs });
}
