import { AnswerError, ConnectionError, GapError, TooLargeError } from "../errors/errors.ts";
import { connect } from "../network/connection.ts";
import { abortable } from "../network/on-abort.ts";
import { MAX_WAIT_MS } from "./backoff.ts";
import type { Batch } from "./batch.ts";
import { comeback, type DelayPurpose } from "./delay.ts";
import type { Mechanism } from "./mechanism.ts";
import { isProven, MIN_INTERVAL_MS, note, nothingReceived, type Received, restMs } from "./received.ts";
import { announceRetry, countFailure, enter, type Session } from "./session.ts";
import { checkPlace, createTrail, extend } from "./trail.ts";

/** How many consecutive failures may be retried faster than the client's least interval. */
const QUICK_TRIES = 2;

const TERMINAL: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 406, 410]);

/** Connect until the channel is closed. Throws errors that a retry cannot fix, and the reason of an abort. */
export async function* readLoop(session: Session, mechanism: Mechanism): AsyncGenerator<Batch, void, void> {
  while (!session.signal.aborted) {
    try {
      const received = nothingReceived();
      const waitMs = yield* attempt(session, mechanism, received);
      if (waitMs === "closed") return;
      await pause(session, waitMs, received);
    } catch (error) {
      await recover(session, error);
    }
  }
}

async function* attempt(
  session: Session,
  mechanism: Mechanism,
  received: Received,
): AsyncGenerator<Batch, number | undefined | "closed", void> {
  const connection = connect(session);
  const batches = mechanism.open(connection);
  enter(session, "connecting");
  try {
    for (;;) {
      const { done, value } = await batches.next();
      if (done) return value ?? endOfStream(received);
      checkPlace(value, connection.position, session.trail);
      note(received, value, connection.position);
      if (received.holds) succeed(session);
      await receive(session, value);
      yield value;
      if (value.closed) return "closed";
    }
  } catch (error) {
    const isSilent = error instanceof ConnectionError && error.failure === "timeout";
    if (!isSilent && isProven(received)) succeed(session);
    throw error;
  } finally {
    connection.close();
    await batches.return(undefined);
  }
}

/** A stream ended; the client chooses when to reconnect. Throws if the stream never proved that it works. */
function endOfStream(received: Received): undefined {
  if (!isProven(received)) throw new ConnectionError("early", "the stream ended right after it began");
}

/** Move the received position past a batch, before the batch is delivered. */
async function receive(session: Session, batch: Batch): Promise<void> {
  if (batch.gap !== undefined) await tell(session, new GapError(batch.gap));
  extend(session.trail, batch);
  if (batch.retry !== undefined) session.floorMs = batch.retry;
  if (batch.cursor !== undefined) {
    session.position = batch.cursor;
    session.gap = undefined;
  }
  session.unauthorized = false;
  session.isAdvised = true;
  if (batch.refused) enter(session, "refused");
  // A stream may consist of a single `retry:`; that is not live.
  else if (batch.cursor !== undefined || batch.messages.length > 0) enter(session, "live");
}

/** The connection works, or the poll was answered: reset the backoff. */
function succeed(session: Session): void {
  session.failures = 0;
  session.error = undefined;
}

/** Report a gap; returns where the application wants to continue, or throws the gap. */
async function tell(session: Session, error: GapError): Promise<"start" | "end"> {
  const told = Promise.resolve(session.options.onGap?.(error.gap));
  const choice = await abortable(told, session.signal);
  if (choice !== "start" && choice !== "end") throw error;
  session.trail = createTrail();
  return choice;
}

/** Wait after a successful read: as long as the server asked, or longer if nothing new came. */
async function pause(session: Session, askedMs: number | undefined, received: Received): Promise<void> {
  succeed(session);
  const serverMs = askedMs ?? (session.floorMs || session.retryDelayMs(1));
  const waitMs = Math.max(serverMs, restMs(received));
  await rest(session, waitMs, waitMs, "poll");
}

/** Handle a failed read: wait before the next one, or throw if a retry cannot fix it. */
async function recover(session: Session, error: unknown): Promise<void> {
  if (session.signal.aborted) return;
  if (!(error instanceof ConnectionError)) session.isAdvised = true;
  if (error instanceof GapError && session.gap === undefined) {
    session.gap = await tell(session, error);
    // Continue exactly at the reported position: nothing after it is lost.
    session.position = error.gap[session.gap];
  } else if (
    error instanceof AnswerError &&
    error.status === 401 &&
    !session.unauthorized &&
    typeof session.options.headers === "function"
  ) {
    // Only a function can supply new credentials, and it gets one chance.
    session.unauthorized = true;
  } else if (
    error instanceof ConnectionError ||
    (error instanceof AnswerError && !TERMINAL.has(error.status))
  ) {
    await retry(session, error);
  } else if (error instanceof TooLargeError && (await skips(session, error))) {
    session.position = error.cursor ?? session.position;
  } else {
    throw error;
  }
}

/** Whether the application wants to skip a message that is too large. */
async function skips({ options, signal }: Session, error: TooLargeError): Promise<boolean> {
  const told = Promise.resolve(options.onTooLarge?.(error));
  return (await abortable(told, signal)) === "skip" && error.cursor !== undefined;
}

async function retry(session: Session, error: AnswerError | ConnectionError): Promise<void> {
  countFailure(session, error);
  const isAbsence = (error as Partial<ConnectionError>).failure === "offline";
  const floorMs = Math.max(session.floorMs, error.retryAfterMs ?? 0);
  const leastMs = session.failures > QUICK_TRIES ? MIN_INTERVAL_MS : 0;
  // A page that was put aside, or slept, checks its stream at once when it returns.
  const ownMs = isAbsence && error.retryAfterMs !== undefined ? 0 : session.retryDelayMs(session.failures);
  const waitMs = Math.min(MAX_WAIT_MS, Math.max(floorMs, leastMs, ownMs));
  announceRetry(session, error, waitMs);
  await rest(session, waitMs, floorMs, "retry");
  if (isAbsence) session.failures = 0; // its time away does not count for `giveUpAfterMs`
}

/** Wait; once the network or the page is back, only as long as the server asked for. Rejects on abort. */
async function rest(session: Session, waitMs: number, floorMs: number, purpose: DelayPurpose): Promise<void> {
  // Report a failure even if the wait is zero.
  if (waitMs <= 0 && purpose !== "retry") return;
  if (session.phase !== "refused") enter(session, "waiting");
  const { signal } = session;
  const over = new AbortController();
  const began = performance.now();
  const wait = (ms: number): Promise<void> => session.delay(Math.min(MAX_WAIT_MS, ms), over.signal, purpose);
  const back = comeback(over.signal).then(() => wait(floorMs - (performance.now() - began)));
  try {
    await abortable(Promise.race([wait(waitMs), back]), signal);
  } finally {
    over.abort();
  }
}
