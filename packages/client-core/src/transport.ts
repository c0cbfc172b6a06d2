import { readGap } from "@tidemark/protocol";
import { fetch as standardFetch } from "@tidemark/std";
import { readRetryAfter } from "./backoff.ts";
import { decode, transfer } from "./broken.ts";
import type { Delay } from "./delay.ts";
import { AnswerError, ConnectionError, GapError } from "./errors.ts";
import { codeOf, readProblem } from "./problem.ts";
import { restoreQuery } from "./redirect.ts";
import { isTidemark } from "./tidemark-field.ts";

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
  /** Makes the requests. @defaultValue the platform's `fetch` */
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

/**
 * Make one request.
 *
 * @throws ConnectionError if no Tidemark server answered; AnswerError or GapError if one refused.
 */
export async function exchange(
  options: TransportOptions,
  url: URL,
  init: RequestInit & { readonly headers: Readonly<Record<string, string>> },
  unauthorized: boolean,
): Promise<Response> {
  const { fetch = standardFetch, credentials } = options;
  const headers = await ownHeaders(options, unauthorized);
  for (const [name, value] of Object.entries(init.headers)) headers.set(name, value);
  let request: RequestInit = { ...init, headers, ...(credentials && { credentials }) };
  let target = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await transfer(() => fetch(target, request), "unreachable", "no answer");
    const restored = init.method || !response.redirected ? undefined : restoreQuery(url, response.url);
    if (restored === undefined) return judge(response);
    if (restored.origin !== url.origin) request = init; // credentials stay
    target = restored;
  }
  throw new ConnectionError("foreign", "redirects that drop the query");
}

async function ownHeaders({ headers }: TransportOptions, unauthorized: boolean): Promise<Headers> {
  if (typeof headers !== "function") return new Headers(headers);
  const ask = async () => new Headers(await headers({ unauthorized }));
  return transfer(ask, "unreachable", "no request headers");
}

async function judge(response: Response): Promise<Response> {
  const { status, headers } = response;
  const retryAfterMs = readRetryAfter(headers.get("retry-after"));
  if (!isTidemark(headers.get("tidemark")))
    throw new ConnectionError("foreign", `an answer ${status} that is no Tidemark server's`, {
      retryAfterMs,
    });
  if (response.ok) return response;
  const problem = await readProblem(response);
  const code = codeOf(problem);
  if (status !== 410 || code !== "gap") throw new AnswerError(status, code, problem, { retryAfterMs });
  throw new GapError(decode(() => readGap(problem), "a gap without its positions"));
}
