import { AnswerError, ConnectionError } from "@tidemark/client-core";
import { comeback, fullJitter, MAX_WAIT_MS, stoppable } from "@tidemark/client-core/kit";
import type { StreamSession } from "./stream-session.ts";

/** The least time between the beginnings of two attempts, in milliseconds. */
const MIN_INTERVAL_MS = 250;

/** `408`, `425`, `429`, and server errors except `501`: the same request can succeed later. */
function isTemporary(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501);
}

/** Wait until the next attempt; throws the error if another attempt cannot succeed, or must not be made. */
export async function beforeRetry(session: StreamSession, error: unknown): Promise<void> {
  if (!(error instanceof AnswerError || error instanceof ConnectionError)) throw error;
  const { options } = session;
  const isRenewable = renews(session, error);
  session.unauthorized = isRenewable;
  if (!isRenewable && !mayRetry(session, error)) throw error;
  session.failures += 1;
  if (session.failures === 1) session.failingSince = performance.now();
  const waitMs = isRenewable ? 0 : waitAfter(session, error);
  const { giveUpAfterMs = Number.POSITIVE_INFINITY, onRetry } = options;
  if (performance.now() + waitMs - session.failingSince > giveUpAfterMs) throw error;
  if (!(onRetry || session.isAdvised || isRenewable)) {
    // The query is left out: it can hold a secret.
    const { origin, pathname } = Object(session.url);
    console.warn(`no stream yet from ${origin}${pathname}: ${error.message}. Retrying`);
    session.isAdvised = true;
  }
  onRetry?.({ error, failures: session.failures, waitMs });
  const over = stoppable(session.signal);
  const waits = [session.delay(waitMs, over.signal, "retry")];
  if (error.retryAfterMs === undefined) waits.push(comeback(over.signal));
  await Promise.race(waits);
  over.stop();
}

/** After one `401`, a function may get new credentials. */
function renews({ source, options, unauthorized }: StreamSession, error: Error): boolean {
  const isFunction = typeof options.headers === "function" || typeof source === "function";
  return error instanceof AnswerError && error.status === 401 && isFunction && !unauthorized;
}

function mayRetry(session: StreamSession, error: AnswerError | ConnectionError): boolean {
  if (error instanceof AnswerError) return isTemporary(error.status);
  // Once a stream has been open, something on the way may answer for a while, such as a captive portal.
  if (error.failure === "foreign") return session.wasOpen;
  return isRepeatable(session);
}

/** Whether another request continues the stream. */
export function isRepeatable({ mayRepeat, lastEventId }: StreamSession): boolean {
  return mayRepeat || lastEventId !== "";
}

function waitAfter(session: StreamSession, { retryAfterMs }: AnswerError | ConnectionError): number {
  const { options, failures, retryMs } = session;
  const isAsked = retryMs !== undefined && failures === 1 && options.retryDelayMs === undefined;
  const ownMs = isAsked ? 0 : (options.retryDelayMs ?? fullJitter)(failures);
  const leastMs = Math.min(Math.max(retryAfterMs ?? 0, retryMs ?? 0), MAX_WAIT_MS);
  const restMs = MIN_INTERVAL_MS - (performance.now() - session.askedAt);
  return Math.max(ownMs >= 0 ? ownMs : fullJitter(failures), leastMs, restMs);
}
