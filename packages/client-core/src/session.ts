import type { Cursor, Position } from "@tidemark/protocol";
import { fullJitter } from "./backoff.ts";
import { type Delay, delay } from "./delay.ts";
import type { Mechanism } from "./mechanism.ts";
import { onAbort } from "./on-abort.ts";
import type { Phase, State } from "./state.ts";
import type { SubscribeOptions } from "./subscribe-options.ts";

/** The largest message that is taken if the application says nothing else; every client takes as much. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** What a subscription remembers from one connection to the next. */
export interface Session {
  readonly url: URL;
  readonly mechanism: Mechanism;
  readonly options: SubscribeOptions;
  readonly delay: Delay;
  /** How long to wait after so many failures in succession, in milliseconds. */
  readonly retryDelayMs: (failures: number) => number;
  /** The largest message that is taken, in UTF-16 units of its JSON text. */
  readonly maxMessageBytes: number;
  /** Aborts when the subscription ends, for whatever reason. */
  readonly signal: AbortSignal;
  /** Everything before it was handed to the subscription. */
  position: Position;
  /** Where to go on if even the position that the application chose after a gap is lost by then. */
  gap?: "start" | "end" | undefined;
  /** The first message that was handed on since the last gap: if it comes again, the server has begun again. */
  first?: Cursor | undefined;
  /** Failures in succession. */
  failures: number;
  /** When the first of them was seen, by `performance.now()`. */
  failingSince: number;
  /** A Tidemark server has answered, or the application was told of a failure: no more advice. */
  isAdvised: boolean;
  /** The last of them. */
  error?: Error | undefined;
  /** The least wait after a failure that the server asked for last, in milliseconds. */
  floorMs: number;
  /** The last answer was `401`. */
  unauthorized: boolean;
  requests: number;
  bytes: number;
  phase: Phase;
  /** Abort what is under way. */
  stop(): void;
}

export function createSession(mechanism: Mechanism, url: URL, options: SubscribeOptions): Session {
  const controller = new AbortController();
  const { signal } = controller;
  let leave = (): void => {};
  const stop = (): void => {
    leave();
    controller.abort();
  };
  if (options.signal) leave = onAbort(options.signal, stop);
  return {
    url,
    mechanism,
    options,
    delay: options.delay ?? delay,
    retryDelayMs: options.retryDelayMs ?? fullJitter,
    maxMessageBytes: options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
    signal,
    position: options.after ?? "start",
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

/** The state for the application. */
export function stateOf({ phase, mechanism, position, failures, error, requests, bytes }: Session): State {
  return { phase, mechanism: mechanism.name, cursor: position, failures, error, requests, bytes };
}

/** Tell the application of a new phase. */
export function enter(session: Session, phase: Phase): void {
  // Who has stopped is told of nothing but the end.
  if (phase === session.phase || (session.signal.aborted && phase !== "ended")) return;
  session.phase = phase;
  session.options.onState?.(stateOf(session));
}
