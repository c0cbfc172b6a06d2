import type { Position } from "@tidemark/protocol";
import { type Delay, delay } from "./delay.ts";
import type { Mechanism } from "./mechanism.ts";
import type { Phase, State } from "./state.ts";
import type { SubscribeOptions } from "./subscribe-options.ts";

/** What a subscription remembers from one connection to the next. */
export class Session {
  readonly url: URL;
  readonly mechanism: Mechanism;
  readonly options: SubscribeOptions;
  readonly signal: AbortSignal;
  readonly delay: Delay;
  /** Everything before it was handed to the subscription. */
  position: Position;
  /** Where to go on if even the position that the application chose after a gap is lost by then. */
  gap: "start" | "end" | undefined;
  /** Failures in succession. */
  failures = 0;
  /** The least wait after a failure that the server asked for last, in milliseconds. */
  floorMs = 0;
  /** The last answer was `401`. */
  unauthorized = false;
  error: Error | undefined;
  requests = 0;
  bytes = 0;
  #phase: Phase = "idle";

  constructor(url: URL, mechanism: Mechanism, options: SubscribeOptions, signal: AbortSignal) {
    this.url = url;
    this.mechanism = mechanism;
    this.options = options;
    this.signal = signal;
    this.delay = options.delay ?? delay;
    this.position = options.after ?? "start";
  }

  /** The state for the application. */
  get state(): State {
    const { position: cursor, failures, error, requests, bytes } = this;
    return { phase: this.#phase, mechanism: this.mechanism.name, cursor, failures, error, requests, bytes };
  }

  /** Keep the error that ends the subscription for its last state. */
  fail(error: unknown): unknown {
    if (error instanceof Error) this.error = error;
    return error;
  }

  /** Tell the application of a new phase. */
  enter(phase: Phase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.options.onState?.(this.state);
  }
}
