import { advise } from "../errors/advice.ts";
import type { AnswerError, ConnectionError } from "../errors/errors.ts";
import type { Session } from "./session.ts";

/** Record a failure that a retry may fix. */
export function countFailure(session: Session, error: AnswerError | ConnectionError): void {
  session.failures += 1;
  session.error = error;
  if (session.failures === 1) session.failingSince = performance.now();
}

/** Report a retry in `waitMs` milliseconds; throws the error if it would exceed `giveUpAfterMs`. */
export function announceRetry(session: Session, error: AnswerError | ConnectionError, waitMs: number): void {
  const { giveUpAfterMs = Number.POSITIVE_INFINITY, onRetry } = session.options;
  if (performance.now() + waitMs - session.failingSince > giveUpAfterMs) throw error;
  if (!session.isAdvised) advise(session.url, error);
  session.isAdvised = true;
  onRetry?.({ error, failures: session.failures, waitMs });
}
