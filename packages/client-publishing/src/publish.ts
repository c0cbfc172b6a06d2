import { ConnectionError } from "@tidemark/client-core";
import {
  abortable,
  channelUrl,
  decode,
  delay,
  readText,
  sendRequest,
  stoppable,
  watchdog,
} from "@tidemark/client-core/kit";
import { type Draft, formatIdempotencyKey, isCursor, type Published } from "@tidemark/protocol";
import { type Attempt, waitBeforeRetry } from "./attempt.ts";
import type { PublishOptions } from "./publish-options.ts";

/** Time limit for the head of an answer, in milliseconds, in addition to the upload time. */
const TIMEOUT_MS = 30_000;

/** The slowest upload to wait for: `fetch` does not report upload progress. */
const SLOWEST_BYTES_PER_S = 4_096;

/** Room for the cursors of many more messages than servers accept at once. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** 128 random bits: without authentication, all publishers share one key space. */
const KEY_BYTES = 16;

/**
 * Append messages to a channel: all of them, contiguous and in order, or none. Retries after failures; the
 * server carries the publish out only once. Spec: publishing.
 *
 * @throws TypeError if no request can be made to the URL.
 * @throws AnswerError if the server refuses permanently.
 * @throws ConnectionError if there was no answer for 30 s, or three answers that were not from a Tidemark
 * server: the outcome is then unknown.
 * @throws The signal's reason when it aborts.
 */
export async function publish(
  url: string | URL,
  messages: Draft | readonly Draft[],
  options: PublishOptions = {},
): Promise<Published> {
  const { close, after, signal } = options;
  const list = Array.isArray(messages) ? messages : [messages];
  const body = JSON.stringify({ messages: list, close, after });
  const attempt: Attempt = {
    url: channelUrl(url),
    body, // the same bytes each time: the server compares them
    upMs: Math.floor(new TextEncoder().encode(body).length / SLOWEST_BYTES_PER_S) * 1_000,
    key: options.key === undefined ? randomKey() : options.key,
    failures: 0,
    strangers: 0,
    silentMs: 0,
    unauthorized: false,
  };
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await post(attempt, options);
    } catch (error) {
      signal?.throwIfAborted();
      await wait(waitBeforeRetry(attempt, error, options), options);
    }
  }
}

async function post(attempt: Attempt, options: PublishOptions): Promise<Published> {
  const { url, body, key, unauthorized, upMs } = attempt;
  const connection = stoppable(options.signal);
  const headers = {
    "content-type": "application/json",
    ...(key === null ? {} : { "idempotency-key": formatIdempotencyKey(key) }),
  };
  const init = { method: "POST", headers, body, signal: connection.signal };
  const wait = watchdog(connection, options.delay ?? delay);
  let sentAt: number | undefined;
  const sent = (): void => {
    sentAt ??= performance.now();
  };
  const headMs = options.connectTimeoutMs ?? TIMEOUT_MS + upMs;
  try {
    const response = await sendRequest(options, url, init, { unauthorized, wait, headMs, sent });
    return readPublished(await readText(response, wait, MAX_ANSWER_BYTES), response.redirected);
  } finally {
    attempt.silentMs += performance.now() - (sentAt ?? performance.now());
    connection.stop();
  }
}

async function wait(ms: number, { signal, delay: pause = delay }: PublishOptions): Promise<void> {
  if (ms <= 0) return;
  const live = signal ?? new AbortController().signal;
  await abortable(pause(ms, live, "retry"), live);
}

function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** After a 301, 302 or 303, `fetch` asks with GET. */
const REDIRECTED = "a redirect turned the publish into a read; publish to its target, or redirect with 308";

/** Parse the answer to a publish, perhaps after a redirect; ignores unknown members. Throws a ConnectionError if it is invalid. */
export function readPublished(text: string, redirected = false): Published {
  const { cursors, cursor, closed } = Object(decode(() => JSON.parse(text), "the answer is not JSON"));
  if (!Array.isArray(cursors) || !cursors.every(isCursorText) || !isCursorText(cursor))
    throw redirected
      ? new ConnectionError("foreign", REDIRECTED)
      : new ConnectionError("cut", "the answer has no valid cursors");
  return { cursors, cursor, ...(closed === true ? { closed } : {}) };
}

function isCursorText(value: unknown): value is string {
  return typeof value === "string" && isCursor(value);
}
