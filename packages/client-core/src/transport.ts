import { type Claims, parseClaims, parseProblem, readGap } from "@tidemark/protocol";
import { fetch as standardFetch } from "@tidemark/std";
import { readRetryAfter } from "./backoff.ts";
import type { Delay } from "./delay.ts";
import { AnswerError, ConnectionError, GapError } from "./errors.ts";
import { restoreQuery } from "./redirect.ts";

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
  /** Makes the requests. @defaultValue the platform's `fetch` */
  readonly fetch?: typeof globalThis.fetch;
  /** How long to wait after so many failures in succession. @defaultValue full jitter: random, below 1 s, 2 s, 4 s … 60 s */
  readonly retryDelayMs?: (failures: number) => number;
  /** Waits; replace it where a test should not. */
  readonly delay?: Delay;
  /** Told before every new attempt after a failure. */
  readonly onRetry?: (retry: Retry) => void;
}

/** An answer of a Tidemark server that is no refusal. */
export interface Answer {
  readonly response: Response;
  readonly claims: Claims;
}

/** A redirect that drops the query is followed by hand at most so often. */
const MAX_REDIRECTS = 3;

/**
 * Make one request.
 *
 * @throws ConnectionError if no Tidemark server answered; AnswerError or GapError if one refused.
 */
export async function exchange(
  options: TransportOptions,
  url: URL,
  init: RequestInit,
  unauthorized: boolean,
): Promise<Answer> {
  const headers = await ownHeaders(options, unauthorized);
  for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
  let response = await send(options, url, { ...init, headers });
  for (let redirects = 0; init.method === undefined && response.redirected; redirects++) {
    const target = restoreQuery(url, response.url);
    if (target === undefined) break;
    if (redirects === MAX_REDIRECTS) throw new ConnectionError("foreign", "redirects that drop the query");
    const sameOrigin = target.origin === url.origin;
    response = await send(options, target, sameOrigin ? { ...init, headers } : init);
  }
  return judge(response);
}

async function ownHeaders({ headers }: TransportOptions, unauthorized: boolean): Promise<Headers> {
  if (typeof headers !== "function") return new Headers(headers);
  try {
    return new Headers(await headers({ unauthorized }));
  } catch (cause) {
    throw new ConnectionError("unreachable", "no request headers could be had", { cause });
  }
}

async function send(
  { fetch = standardFetch }: TransportOptions,
  url: URL,
  init: RequestInit,
): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw asConnectionError(cause, "unreachable", "no answer");
  }
}

/** Whatever stopped a transfer, as the failure it is for the client. */
export function asConnectionError(
  cause: unknown,
  failure: "unreachable" | "cut",
  detail: string,
): ConnectionError {
  return cause instanceof ConnectionError ? cause : new ConnectionError(failure, detail, { cause });
}

async function judge(response: Response): Promise<Answer> {
  const { status, headers } = response;
  const claims = parseClaims(headers.get("tidemark"));
  const retryAfterMs = readRetryAfter(headers.get("retry-after"));
  if (claims?.version !== 1)
    throw new ConnectionError("foreign", `an answer ${status} that is not a Tidemark server's`, {
      retryAfterMs,
    });
  if (response.ok) return { response, claims };
  throw refusal(status, await readText(response), retryAfterMs);
}

/** The whole body as text; a cut is a {@link ConnectionError}. */
export async function readText(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw asConnectionError(cause, "cut", "the answer broke off");
  }
}

function refusal(status: number, body: string, retryAfterMs: number | undefined): Error {
  const parsed = parseProblem(body);
  if (parsed?.code !== "gap") return new AnswerError(status, parsed, { retryAfterMs });
  try {
    return new GapError(readGap(parsed.problem));
  } catch (cause) {
    return new ConnectionError("cut", "a gap without its positions", { cause });
  }
}
