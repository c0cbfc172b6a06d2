import { abortable } from "./abortable.ts";
import { fullJitter, MAX_WAIT_MS } from "./backoff.ts";
import { comeback } from "./comeback.ts";
import { Connection } from "./connection.ts";
import type { DelayPurpose } from "./delay.ts";
import { AnswerError, ConnectionError, GapError } from "./errors.ts";
import type { Batch } from "./mechanism.ts";
import type { Session } from "./session.ts";

/** How long to wait before the next connection. */
interface Pause {
  readonly waitMs: number;
  /** The part of it that the server asked for. */
  readonly floorMs: number;
  readonly purpose: DelayPurpose;
}

const AT_ONCE: Pause = { waitMs: 0, floorMs: 0, purpose: "retry" };

const TERMINAL: ReadonlySet<number> = new Set([400, 403, 404, 405, 406, 410]);

/** Connection after connection until the channel is closed; throws what trying again cannot mend, and when the signal aborts. */
export async function* readLoop(session: Session): AsyncGenerator<Batch, void, void> {
  while (!session.signal.aborted) {
    const pause = yield* attempt(session);
    if (pause === "closed") return;
    await rest(session, pause);
  }
}

async function* attempt(session: Session): AsyncGenerator<Batch, Pause | "closed", void> {
  const connection = new Connection(session);
  const batches = session.mechanism.open(connection);
  session.enter("connecting");
  try {
    for (let moves = 0; ; ) {
      const step = await batches.next();
      if (step.done) return succeed(session, step.value);
      if (step.value.cursor !== undefined) moves += 1;
      await receive(session, step.value, moves);
      yield step.value;
      if (step.value.closed) return "closed";
    }
  } catch (error) {
    return await fail(session, error);
  } finally {
    connection.close();
    await batches.return(undefined);
  }
}

function succeed(session: Session, askedMs: number | undefined): Pause {
  session.failures = 0;
  session.error = undefined;
  const ownMs = session.floorMs > 0 ? session.floorMs : backoff(session, 1);
  const waitMs = askedMs ?? ownMs;
  return { waitMs, floorMs: waitMs, purpose: "poll" };
}

/** Move the received position past a batch, before it is handed on. */
async function receive(session: Session, batch: Batch, moves: number): Promise<void> {
  if (batch.gap !== undefined) await tell(session, new GapError(batch.gap));
  if (batch.retry !== undefined) session.floorMs = batch.retry;
  if (batch.cursor !== undefined) {
    session.position = batch.cursor;
    session.gap = undefined;
  }
  session.unauthorized = false;
  // The first thing said shows that the server is there; that a connection holds, only what follows.
  if (moves > 1 || batch.messages.length > 0) {
    session.failures = 0;
    session.error = undefined;
  }
  session.enter("live");
}

/** Tell the application of a gap, and learn where it wants to go on; throws the gap if it does not. */
async function tell(session: Session, error: GapError): Promise<"start" | "end"> {
  const told = Promise.resolve(session.options.onGap?.(error.gap));
  const choice = (await abortable(told, session.signal)) ?? "throw";
  if (choice === "throw") throw error;
  return choice;
}

async function fail(session: Session, error: unknown): Promise<Pause> {
  if (session.signal.aborted) return AT_ONCE;
  if (error instanceof GapError && session.gap === undefined) {
    session.gap = await tell(session, error);
    // Not before the position that was told: what comes after it is not lost.
    session.position = error.gap[session.gap];
    return AT_ONCE;
  }
  if (error instanceof ConnectionError) return retry(session, error);
  if (!(error instanceof AnswerError) || TERMINAL.has(error.status)) throw error;
  if (error.status !== 401) return retry(session, error);
  // Only a function can come up with other credentials, and it gets one chance.
  if (session.unauthorized || typeof session.options.headers !== "function") throw error;
  session.unauthorized = true;
  return AT_ONCE;
}

function retry(session: Session, error: AnswerError | ConnectionError): Pause {
  session.failures += 1;
  session.error = error;
  const floorMs = Math.max(session.floorMs, error.retryAfterMs ?? 0);
  const waitMs = Math.min(MAX_WAIT_MS, Math.max(floorMs, backoff(session, session.failures)));
  session.options.onRetry?.({ error, failures: session.failures, waitMs });
  return { waitMs, floorMs, purpose: "retry" };
}

function backoff({ options }: Session, failures: number): number {
  return (options.retryDelayMs ?? fullJitter)(failures);
}

/** Wait; when the network or the page comes back, no longer than the server asked for. Rejects when the signal aborts. */
async function rest(session: Session, { waitMs, floorMs, purpose }: Pause): Promise<void> {
  if (waitMs <= 0) return;
  session.enter("waiting");
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
