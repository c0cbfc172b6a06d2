import { advise } from "./advice.ts";
import type { AnswerError, ConnectionError } from "./errors.ts";
import type { Session } from "./session.ts";

/** Take note of a failure that another attempt may mend. */
export function countFailure(session: Session, error: AnswerError | ConnectionError): void {
  session.failures += 1;
  session.error = error;
  if (session.failures === 1) session.failingSince = performance.now();
}

/** Tell that the client tries again after `waitMs` milliseconds; throws the error if the application has had enough. */
export function announceRetry(session: Session, error: AnswerError | ConnectionError, waitMs: number): void {
  const { giveUpAfterMs = Number.POSITIVE_INFINITY, onRetry } = session.options;
  if (performance.now() + waitMs - session.failingSince > giveUpAfterMs) throw error;
  if (!session.isAdvised) advise(session.url, error);
  session.isAdvised = true;
  onRetry?.({ error, failures: session.failures, waitMs });
}
