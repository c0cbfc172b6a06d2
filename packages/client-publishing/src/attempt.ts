import { AnswerError, ConnectionError } from "@tidemark/client-core";
import { MAX_WAIT_MS, retryDelay } from "@tidemark/client-core/kit";
import type { PublishOptions } from "./publish-options.ts";

const MAX_ATTEMPTS = 10;

/** After this many foreign answers, assume that there is no Tidemark server. */
const MAX_FOREIGN = 3;

/** How long to go without an answer, in milliseconds, in addition to the upload time. */
const SILENCE_MS = 30_000;

/** The request, and the outcome of the attempts so far. */
export interface Attempt {
  readonly url: URL;
  readonly body: string;
  key: string | null;
  /** How long the upload of the body may take, in milliseconds. */
  readonly upMs: number;
  failures: number;
  /** Answers that did not come from a Tidemark server. */
  strangers: number;
  /** How long there has been no answer, including the waits between attempts, in milliseconds. */
  silentMs: number;
  unauthorized: boolean;
}

/** How long to wait before the next attempt, in milliseconds; throws the error if there must not be one. */
export function waitBeforeRetry(attempt: Attempt, error: unknown, options: PublishOptions): number {
  if (!(error instanceof AnswerError || error instanceof ConnectionError)) throw error;
  if (mend(attempt, error, options)) return 0;
  attempt.failures += 1;
  const isForeign = error instanceof ConnectionError && error.failure === "foreign";
  if (isForeign) attempt.strangers += 1;
  const maxForeign = options.maxAttempts ?? MAX_FOREIGN;
  const isOver = attempt.failures >= (options.maxAttempts ?? MAX_ATTEMPTS) || attempt.strangers >= maxForeign;
  if (isOver || !mayRepeat(attempt, error)) throw error;
  const backoffMs = retryDelay(options, attempt.failures);
  const waitMs = Math.min(MAX_WAIT_MS, Math.max(backoffMs, error.retryAfterMs ?? 0));
  if (error instanceof AnswerError || isForeign) attempt.silentMs = 0;
  else attempt.silentMs += waitMs;
  if (attempt.silentMs >= (options.giveUpAfterMs ?? SILENCE_MS + attempt.upMs)) throw error;
  options.onRetry?.({ error, failures: attempt.failures, waitMs });
  return waitMs;
}

/** Whether an immediate retry may succeed: with new credentials, or without a key if keys are not offered. */
function mend(attempt: Attempt, error: Error, options: PublishOptions): boolean {
  if (!(error instanceof AnswerError)) return false;
  if (error.status === 401 && typeof options.headers === "function" && !attempt.unauthorized) {
    attempt.unauthorized = true;
    return true;
  }
  const refusesKeys = error.code === "invalid-header" && error.problem.header === "Idempotency-Key";
  if (!refusesKeys || options.key !== undefined || attempt.key === null) return false;
  attempt.key = null;
  return true;
}

/** Temporary refusals; the server has not carried the publish out. */
const PASSING: ReadonlySet<number> = new Set([425, 429, 503, 507]);

/** Whether a retry is safe: the publish was certainly not carried out, or its key prevents a second time. */
function mayRepeat({ key }: Attempt, error: AnswerError | ConnectionError): boolean {
  if (error instanceof AnswerError && PASSING.has(error.status)) return true;
  if (key === null) return false;
  return error instanceof ConnectionError || error.status >= 500 || error.code === "in-progress";
}
