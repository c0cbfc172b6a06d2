import { readGap } from "@tidemark/protocol";
import { fetch as standardFetch } from "@tidemark/std";
import { CROWDED } from "../errors/advice.ts";
import { AnswerError, ConnectionError, type ConnectionFailure, GapError } from "../errors/errors.ts";
import { codeOf, readProblem } from "../errors/problem.ts";
import { readRetryAfter } from "../loop/backoff.ts";
import { type Delay, delay } from "../loop/delay.ts";
import { decode, transfer } from "./broken.ts";
import { restoreQuery } from "./channel-url.ts";
import { abortable } from "./on-abort.ts";
import { isTidemark } from "./tidemark-field.ts";
import type { Wait } from "./watchdog.ts";

/** The argument of a `headers` function. */
export interface HeadersRequest {
  /** The last answer was `401`: the credentials were rejected, so get new ones. */
  readonly unauthorized: boolean;
}

/** A retry that is about to happen. */
export interface Retry {
  readonly error: Error;
  /** Consecutive failures, including this one. */
  readonly failures: number;
  /** How long the client waits before the retry, in milliseconds. */
  readonly waitMs: number;
}

/** How requests are made, for reading and for publishing. */
export interface TransportOptions {
  /** Stops reading or publishing at once. */
  readonly signal?: AbortSignal;
  /** Request headers. A function is called before every attempt; renew credentials there. */
  readonly headers?: HeadersInit | ((request: HeadersRequest) => HeadersInit | Promise<HeadersInit>);
  /** Whether cookies are sent; `include` sends them to other origins too. @defaultValue "same-origin" */
  readonly credentials?: RequestCredentials;
  /**
   * Time limit for connecting and for the head of the answer, in milliseconds. For a long poll it starts
   * after the time that the server may hold the request. Time spent in `headers`, or in your own `fetch`
   * before it sends, does not count.
   * @defaultValue 10 000 for a stream, 15 000 for a long poll, 30 000 for a poll; for a publish 30 000, plus
   * a second for every 4 KiB
   */
  readonly connectTimeoutMs?: number;
  /**
   * How long to retry without success before the last error is thrown, in milliseconds. A subscription counts
   * from the first of the consecutive failures; a publish counts the time without any answer.
   * @defaultValue forever; for a publish 30 000, plus a second for every 4 KiB
   */
  readonly giveUpAfterMs?: number;
  /**
   * Makes the requests. Node's own `globalThis.fetch` aborts after 300 s of silence; the default, the `fetch`
   * of `@tidemark/std`, does not. @defaultValue the platform's `fetch`, without such limits
   */
  readonly fetch?: typeof globalThis.fetch;
  /**
   * How long to wait after this many consecutive failures, in milliseconds. Anything but a number from 0 means
   * the default.
   * @defaultValue full jitter: random, below 1 s, 2 s, 4 s … 60 s
   */
  readonly retryDelayMs?: (failures: number) => number;
  /** Waits; replace it in tests that should not wait. */
  readonly delay?: Delay;
  /** Called before every retry. */
  readonly onRetry?: (retry: Retry) => void;
}

/** How often the client restores a query that a redirect dropped. */
const MAX_REDIRECTS = 3;

/** How long the application's `fetch` may work before the server's time limit starts, in milliseconds. */
const MAX_HOOK_MS = 60_000;

type Init = RequestInit & {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

/** How one request is sent. */
export interface Sending {
  readonly unauthorized: boolean;
  /** Waits for the server. */
  readonly wait: Wait;
  /** How long the head of the answer may take, in milliseconds. */
  readonly headMs: number;
  /** Called when the request is sent. */
  sent?(): void;
}

/**
 * Make one request.
 *
 * @throws ConnectionError if no Tidemark server answered; AnswerError or GapError if one refused.
 */
export async function sendRequest(
  options: TransportOptions,
  url: URL,
  init: Init,
  sending: Sending,
): Promise<Response> {
  const { credentials } = options;
  init.signal.throwIfAborted();
  const headers = await abortable(ownHeaders(options, sending.unauthorized), init.signal);
  for (const [name, value] of Object.entries(init.headers)) headers.set(name, value);
  let request: RequestInit = { ...init, headers, ...(credentials && { credentials }) };
  let target = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await send(options, target, request, sending, init.signal);
    const restored = init.method || !response.redirected ? undefined : restoreQuery(url, response.url);
    if (restored === undefined) return throwIfRefused(response, sending.wait);
    // Without this, a stream from the wrong position would stay open beside the right one.
    await transfer(() => response.body?.cancel(), "cut", "a redirect broke off");
    if (restored.origin !== url.origin) request = init; // without the application's headers and credentials
    target = restored;
  }
  throw new ConnectionError("foreign", "the redirects drop the query");
}

/** Send a request; resolves when the head of the answer has arrived. */
function send(
  { fetch }: TransportOptions,
  target: URL,
  request: RequestInit,
  { wait, headMs, sent }: Sending,
  signal: AbortSignal,
): Promise<Response> {
  signal.throwIfAborted();
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  void begun.then(sent);
  const head = transfer(
    () => (fetch ? fetch(target, watched(request, signal, begin)) : standardFetch(target, request)),
    "unreachable",
    "no answer",
  );
  if (fetch) void delay(MAX_HOOK_MS, signal).then(begin);
  else begin();
  const crowded = globalThis.document ? CROWDED : "";
  return wait(head, headMs, `no answer in ${headMs} ms${crowded}`, begun);
}

/**
 * A request that calls `begin` when it is sent, which is when `fetch` reads its signal. The application's
 * `fetch` may renew a token first; that time must not count against the server.
 */
function watched(request: RequestInit, signal: AbortSignal, begin: () => void): RequestInit {
  return {
    ...request,
    get signal() {
      begin();
      return signal;
    },
  };
}

async function ownHeaders({ headers }: TransportOptions, unauthorized: boolean): Promise<Headers> {
  if (typeof headers !== "function") return new Headers(headers);
  const ask = async () => new Headers(await headers({ unauthorized }));
  return transfer(ask, "unreachable", "`headers` failed");
}

/** Classify an answer that is not from a Tidemark server; its reason may be given (RFC 10036, section 4). */
function refusalOf({ status, headers }: Response): [ConnectionFailure, string] {
  const error = /;\s*error=(\w+)/.exec(headers.get("proxy-status") ?? "")?.[1];
  if (status === 501 && error === "incremental_refused")
    return ["unstreamable", "an intermediary does not forward streams"];
  if (status === 429 && error === "connection_limit_reached")
    return ["busy", "an intermediary has no connection left"];
  const type = headers.get("content-type")?.split(";")[0] ?? "no type";
  return ["foreign", `an answer ${status} (${type}) without a Tidemark header`];
}

/** Resolve to a successful answer of a Tidemark server; throw any other as the error that it means. */
async function throwIfRefused(response: Response, wait: Wait): Promise<Response> {
  const { status, headers } = response;
  const retryAfterMs = readRetryAfter(headers.get("retry-after"));
  if (!isTidemark(headers.get("tidemark"))) {
    const [failure, text] = refusalOf(response);
    throw new ConnectionError(failure, text, { retryAfterMs });
  }
  if (response.ok) return response;
  const problem = await readProblem(response, wait);
  const code = codeOf(problem);
  if (status !== 410 || code !== "gap") throw new AnswerError(status, code, problem, { retryAfterMs });
  throw new GapError(decode(() => readGap(problem), "a gap without valid positions"));
}
