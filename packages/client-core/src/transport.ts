import { readGap } from "@tidemark/protocol";
import { fetch as standardFetch } from "@tidemark/std";
import { abortable } from "./abortable.ts";
import { CROWDED } from "./advice.ts";
import { readRetryAfter } from "./backoff.ts";
import { decode, transfer } from "./broken.ts";
import { type Delay, delay } from "./delay.ts";
import { AnswerError, ConnectionError, type ConnectionFailure, GapError } from "./errors.ts";
import { codeOf, readProblem } from "./problem.ts";
import { restoreQuery } from "./redirect.ts";
import { isTidemark } from "./tidemark-field.ts";
import type { Wait } from "./watchdog.ts";

/** What a function for request headers is told. */
export interface HeadersRequest {
  /** The last answer was `401`: get new credentials, the old ones do not help. */
  readonly unauthorized: boolean;
}

/** What the client is about to do after a failure. */
export interface Retry {
  readonly error: Error;
  /** Failures in succession, this one included. */
  readonly failures: number;
  /** How long the client waits before it tries again. */
  readonly waitMs: number;
}

/** How requests are made; the same for reading and publishing. */
export interface TransportOptions {
  /** Stops everything at once. */
  readonly signal?: AbortSignal;
  /** Request headers; a function is asked at every attempt, and is where credentials are renewed. */
  readonly headers?: HeadersInit | ((request: HeadersRequest) => HeadersInit | Promise<HeadersInit>);
  /** Whether cookies are sent, and to whom; `include` for other origins too. @defaultValue "same-origin" */
  readonly credentials?: RequestCredentials;
  /**
   * How long the head of an answer may take, connecting included, in milliseconds; for a long poll, after the time that
   * the server may hold it. The time that `headers`, or a `fetch` of the application before it sends, takes is not in it.
   * @defaultValue 10 000 for a stream, 15 000 for a long poll, 30 000 for a poll; for a publish 30 000, and a second
   * more for every 4 KiB
   */
  readonly connectTimeoutMs?: number;
  /**
   * How long to try in vain before the last error is thrown, in milliseconds: for a subscription counted from the first
   * failure in succession, for a publish the time in which nobody answered.
   * @defaultValue for ever; for a publish 30 000, and a second more for every 4 KiB
   */
  readonly giveUpAfterMs?: number;
  /**
   * Makes the requests. Node's own `globalThis.fetch` ends what is silent for 300 s, which that of `@tidemark/std`, the
   * default, does not. @defaultValue the platform's `fetch`, without such limits
   */
  readonly fetch?: typeof globalThis.fetch;
  /** How long to wait after so many failures in succession. @defaultValue full jitter: random, below 1 s, 2 s, 4 s … 60 s */
  readonly retryDelayMs?: (failures: number) => number;
  /** Waits; replace it where a test should not. */
  readonly delay?: Delay;
  /** Told before every new attempt after a failure. */
  readonly onRetry?: (retry: Retry) => void;
}

/** A redirect that drops the query is followed by hand at most so often. */
const MAX_REDIRECTS = 3;

/** A `fetch` of the application may do so much work before it sends, in milliseconds; then the server's time runs. */
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
  /** Called when the request goes out. */
  sent?(): void;
}

/**
 * Make one request.
 *
 * @throws ConnectionError if no Tidemark server answered; AnswerError or GapError if one refused.
 */
export async function exchange(
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
    if (restored === undefined) return judge(response, sending.wait);
    // Else a stream from the wrong place would stay open beside the right one.
    await transfer(() => response.body?.cancel(), "cut", "a redirect that broke off");
    if (restored.origin !== url.origin) request = init; // credentials stay
    target = restored;
  }
  throw new ConnectionError("foreign", "redirects that drop the query");
}

/** The head of an answer. */
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
 * A request that tells when it is sent: `fetch` reads its signal then. Before that, a `fetch` of the application may
 * renew a token, and that is not the server's time.
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
  return transfer(ask, "unreachable", "no request headers");
}

/** What an answer of another than a Tidemark server means; some intermediaries say why they refuse (RFC 10036, section 4). */
function refusalOf({ status, headers }: Response): [ConnectionFailure, string] {
  const error = /;\s*error=(\w+)/.exec(headers.get("proxy-status") ?? "")?.[1];
  if (status === 501 && error === "incremental_refused")
    return ["unstreamable", "an intermediary does not forward streams"];
  if (status === 429 && error === "connection_limit_reached")
    return ["busy", "an intermediary has no connection left"];
  const type = headers.get("content-type")?.split(";")[0] ?? "no type";
  return ["foreign", `an answer ${status} of ${type} without the field Tidemark`];
}

async function judge(response: Response, wait: Wait): Promise<Response> {
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
  throw new GapError(decode(() => readGap(problem), "a gap without its positions"));
}
