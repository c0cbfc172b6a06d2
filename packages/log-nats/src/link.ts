import type { NatsConnection } from "@nats-io/transport-node";
import { asProblem, unavailable } from "./failures.ts";
import { Step } from "./step.ts";

const DISPOSED = "The log is disposed of";
const AWAY = "NATS cannot be reached";

/** What a link tells. None of them may throw. */
export interface LinkEvents {
  readonly lost: () => void;
  /** The link is there again; what was published meanwhile was not heard. */
  readonly returned: () => void;
  /** A call failed, for what is not the protocol's own reason. */
  readonly failed: (error: unknown) => void;
}

/** The link to NATS: what is asked over it, and what is told when it is lost and comes back. */
export class Link {
  readonly #connection: NatsConnection;
  readonly #events: LinkEvents;
  /** What waits for an answer. The client would wait for its time, though no answer can come any more. */
  readonly #steps = new Set<Step>();
  #refusal: string | undefined;
  #unfit: string | undefined;

  constructor(connection: NatsConnection, events: LinkEvents) {
    this.#connection = connection;
    this.#events = events;
    void this.#notice();
  }

  /**
   * Run what a call asks of NATS; it ends with the call, see {@link Step}.
   *
   * @throws ProtocolError `unavailable` without asking where NATS is away, and as soon as it goes away
   */
  async ask<T>(run: (step: Step) => Promise<T>): Promise<T> {
    const refusal = this.#refusal ?? this.#unfit;
    if (refusal !== undefined) throw unavailable(refusal);
    const step = new Step();
    this.#steps.add(step);
    try {
      // Both have a handler here, whichever comes first, and also where `run` throws at once.
      return await new Promise<T>((resolve, reject) => {
        step.onEnd(reject);
        run(step).then(resolve, reject);
      });
    } catch (error) {
      this.#events.failed(error);
      throw asProblem(error);
    } finally {
      this.#steps.delete(step);
      step.end(ANSWERED);
    }
  }

  /** What is at its other end cannot be used, for this reason, or can be used again. */
  setUnfit(reason: string | undefined): void {
    this.#unfit = reason;
    if (reason !== undefined) this.#end(reason);
  }

  /** The link is not used any more. Idempotent. */
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
    this.#end(refusal);
  }

  #end(reason: string): void {
    for (const step of this.#steps) step.end(unavailable(reason));
  }
}

/** One for all steps, as nobody is told it. */
const ANSWERED = new Error("The call was answered");
