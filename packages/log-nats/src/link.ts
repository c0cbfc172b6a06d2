import type { NatsConnection } from "@nats-io/transport-node";
import { asProblem, unavailable } from "./failures.ts";
import { Step } from "./step.ts";

const DISPOSED = "The log is disposed of";
const AWAY = "NATS cannot be reached";

/** The callbacks of a link. They must not throw. */
export interface LinkEvents {
  readonly lost: () => void;
  /** The connection is back; wake-ups published meanwhile were missed. */
  readonly returned: () => void;
  /** A call failed. */
  readonly failed: (error: unknown) => void;
  /** Ask NATS, from now on, whether it can be used, see {@link Link.asking}. Must not reject. */
  readonly ask: () => Promise<void>;
}

/** The connection to NATS: runs calls, and reports when the connection is lost and comes back. */
export class Link {
  readonly #connection: NatsConnection;
  readonly #events: LinkEvents;
  /**
   * The calls in flight. When the connection is lost they end at once; the client alone would wait for the
   * timeout.
   */
  readonly #steps = new Set<Step>();
  #refusal: string | undefined;
  #unfit: string | undefined;

  constructor(connection: NatsConnection, events: LinkEvents) {
    this.#connection = connection;
    this.#events = events;
    void this.#notice();
  }

  /**
   * Run the requests of one call, which end with the call, see {@link Step}.
   *
   * @throws ProtocolError `unavailable` at once if NATS is away, and as soon as it goes away; and if NATS
   * answers during the call that it cannot be used
   */
  async ask<T>(run: (step: Step) => Promise<T>): Promise<T> {
    if (this.#refusal !== undefined) throw unavailable(this.#refusal);
    const step = new Step();
    this.#steps.add(step);
    try {
      // Both the step's end and the run have a handler here, whichever comes first, even if `run` rejects at
      // once.
      return await new Promise<T>((resolve, reject) => {
        step.onEnd(reject);
        const running = this.#unfit === undefined ? run(step) : this.#runIfFit(step, run);
        running.then(resolve, reject);
      });
    } catch (error) {
      this.#events.failed(error);
      throw asProblem(error);
    } finally {
      this.#steps.delete(step);
      step.end(ANSWERED);
    }
  }

  /**
   * NATS is about to be asked whether it can be used. Returns the function that takes the answer: why it
   * cannot be used, or `undefined`. The answer ends only the calls that began before the question, because
   * later calls may find what was missing.
   */
  asking(): (unfit: string | undefined) => void {
    const earlier = [...this.#steps];
    return (unfit) => {
      this.#unfit = unfit;
      if (unfit !== undefined) endAll(earlier, unfit);
    };
  }

  /** Close the connection. Idempotent. */
  async close(): Promise<void> {
    if (this.#refusal === DISPOSED) return;
    this.#refuse(DISPOSED);
    await this.#connection.close();
  }

  async #notice(): Promise<void> {
    for await (const { type } of this.#connection.status()) {
      if (this.#refusal === DISPOSED) return;
      if (type === "disconnect") {
        this.#refuse(AWAY);
        this.#events.lost();
      } else if (type === "reconnect") {
        this.#refusal = undefined;
        this.#events.returned();
      }
    }
  }

  #refuse(refusal: string): void {
    this.#refusal = refusal;
    endAll(this.#steps, refusal);
  }

  /** What the last answer said may be repaired since, so NATS is asked again before this call is refused. */
  async #runIfFit<T>(step: Step, run: (step: Step) => Promise<T>): Promise<T> {
    await this.#events.ask();
    step.assertLive();
    if (this.#unfit !== undefined) throw unavailable(this.#unfit);
    return run(step);
  }
}

function endAll(steps: Iterable<Step>, reason: string): void {
  for (const step of steps) step.end(unavailable(reason));
}

/** Shared by all steps, because no caller sees it. */
const ANSWERED = new Error("The call was answered");
