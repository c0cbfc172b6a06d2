import { abortable, delay, exchange, onAbort, readText, watchdog } from "@tidemark/client-core/kit";
import { type Draft, formatIdempotencyKey, type Published } from "@tidemark/protocol";
import { type Attempt, judge } from "./attempt.ts";
import type { PublishOptions } from "./publish-options.ts";
import { readPublished } from "./published.ts";

/** How long the head of an answer may take, in milliseconds, beside the time for the body that goes up. */
const TIMEOUT_MS = 30_000;

/** The slowest way up that is waited for: `fetch` does not tell how much of a body has gone out. */
const SLOWEST_BYTES_PER_S = 4_096;

/** Room for the cursors of many more messages than servers take at once. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** 128 random bits: without authentication, all publishers share one space of keys. */
const KEY_BYTES = 16;

/**
 * Append messages to a channel: all of them, next to each other and in order, or none. Tries again after failures, and
 * the server carries it out once. Spec: publishing.
 *
 * @throws AnswerError if the server refuses for good; ConnectionError if it could not be reached: then the outcome is
 * unknown; the signal's reason when it aborts.
 */
export async function publish(
  url: string | URL,
  messages: Draft | readonly Draft[],
  options: PublishOptions = {},
): Promise<Published> {
  const { close, after, signal } = options;
  const attempt: Attempt = {
    url: new URL(url, globalThis.location?.href),
    // The same bytes each time: the server compares them.
    body: JSON.stringify({ messages: Array.isArray(messages) ? messages : [messages], close, after }),
    key: options.key === undefined ? randomKey() : options.key,
    failures: 0,
    unauthorized: false,
  };
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await post(attempt, options);
    } catch (error) {
      signal?.throwIfAborted();
      await wait(judge(attempt, error, options), options);
    }
  }
}

async function post({ url, body, key, unauthorized }: Attempt, options: PublishOptions): Promise<Published> {
  const connection = new AbortController();
  const abort = (): void => connection.abort(options.signal?.reason);
  const leave = options.signal && onAbort(options.signal, abort);
  const headers = {
    "content-type": "application/json",
    ...(key === null ? {} : { "idempotency-key": formatIdempotencyKey(key) }),
  };
  const init = { method: "POST", headers, body, signal: connection.signal };
  const wait = watchdog(connection, options.delay ?? delay);
  const upMs = Math.floor(new TextEncoder().encode(body).length / SLOWEST_BYTES_PER_S) * 1_000;
  const headMs = options.connectTimeoutMs ?? TIMEOUT_MS + upMs;
  try {
    const response = await exchange(options, url, init, { unauthorized, wait, headMs });
    return readPublished(await readText(response, wait, MAX_ANSWER_BYTES));
  } finally {
    leave?.();
    connection.abort();
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
