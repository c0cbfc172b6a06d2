import type { Position } from "@tidemark/protocol";
import { advise } from "../errors/advice.ts";
import type { AnswerError, ConnectionError } from "../errors/errors.ts";
import { stoppable } from "../network/on-abort.ts";
import { retryDelay } from "./backoff.ts";
import { type Delay, delay } from "./delay.ts";
import type { Phase, State } from "./state.ts";
import type { SubscribeOptions } from "./subscribe-options.ts";
import { createTrail, type Trail } from "./trail.ts";

/** The default of `maxMessageBytes`; every client has to accept messages of this size. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** What a subscription remembers from one connection to the next. */
export interface Session {
  readonly url: URL;
  /** The state reports its name, which can change. */
  readonly mechanism: { readonly name: string };
  readonly options: SubscribeOptions;
  readonly delay: Delay;
  /** How long to wait after this many consecutive failures, in milliseconds. */
  readonly retryDelayMs: (failures: number) => number;
  /** The largest accepted message, in UTF-16 units of its JSON text. */
  readonly maxMessageBytes: number;
  /** Aborts when the subscription ends, for whatever reason. */
  readonly signal: AbortSignal;
  /** The received position: everything before it has been received. */
  position: Position;
  /** The application's choice after a gap, sent along in case the chosen position is lost too by then. */
  gap?: "start" | "end" | undefined;
  /** Cursors that must not come again. */
  trail: Trail;
  /** Consecutive failures. */
  failures: number;
  /** When the first of the consecutive failures occurred, by `performance.now()`. */
  failingSince: number;
  /** No more advice: a Tidemark server has answered, or the application has received a failure. */
  isAdvised: boolean;
  /** The last failure. */
  error?: Error | undefined;
  /** The server's latest `retry`: the least wait after a failure, in milliseconds. */
  floorMs: number;
  /** The last answer was `401`. */
  unauthorized: boolean;
  requests: number;
  bytes: number;
  phase: Phase;
  /** End the subscription and abort its requests. */
  stop(): void;
}

export function createSession(mechanism: Session["mechanism"], url: URL, options: SubscribeOptions): Session {
  const { signal, stop } = stoppable(options.signal);
  return {
    url,
    mechanism,
    options,
    delay: options.delay ?? delay,
    retryDelayMs: (failures) => retryDelay(options, failures),
    maxMessageBytes: options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
    signal,
    position: options.after ?? "start",
    trail: createTrail(),
    failures: 0,
    failingSince: 0,
    isAdvised: (options.onRetry ?? options.onState) !== undefined,
    floorMs: 0,
    unauthorized: false,
    requests: 0,
    bytes: 0,
    phase: "idle",
    stop,
  };
}

/** The state to report to the application. */
export function stateOf({ phase, mechanism, position, failures, error, requests, bytes }: Session): State {
  return { phase, mechanism: mechanism.name, cursor: position, failures, error, requests, bytes };
}

/** Enter a phase, and report it to the application. */
export function enter(session: Session, phase: Phase): void {
  // After a stop, only `ended` is reported.
  if (phase === session.phase || (session.signal.aborted && phase !== "ended")) return;
  session.phase = phase;
  session.options.onState?.(stateOf(session));
}

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
