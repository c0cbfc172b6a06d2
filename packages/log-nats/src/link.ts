import type { NatsConnection } from "@nats-io/transport-node";
import { asProblem, unavailable } from "./failures.ts";
import { Step } from "./step.ts";

const DISPOSED = "The log is disposed of";
const AWAY = "NATS cannot be reached";

/** The link to NATS: what is asked over it, and what is told when it is lost and comes back. */
export class Link {
  readonly #connection: NatsConnection;
  readonly #onReturn: () => Promise<void>;
  /** What waits for an answer. The client would wait for its time, though no answer can come any more. */
  readonly #steps = new Set<Step>();
  #refusal: string | undefined;

  /** `onReturn` runs each time that the link is there again; what was published meanwhile was not heard. */
  constructor(connection: NatsConnection, onReturn: () => Promise<void>) {
    this.#connection = connection;
    this.#onReturn = onReturn;
    void this.#notice();
  }

  /**
   * Run what a call asks of NATS; it ends with the call, see {@link Step}.
   *
   * @throws ProtocolError `unavailable` without asking where NATS is away, and as soon as it goes away
   */
  async ask<T>(run: (step: Step) => Promise<T>): Promise<T> {
    if (this.#refusal !== undefined) throw unavailable(this.#refusal);
    const step = new Step();
    this.#steps.add(step);
    const ended = new Promise<never>((_, reject) => {
      step.onEnd(reject);
    });
    ended.catch(() => undefined); // it has a handler also where the race does not come to be
    try {
      return await Promise.race([run(step), ended]);
    } catch (error) {
      throw asProblem(error);
    } finally {
      this.#steps.delete(step);
      step.end(ANSWERED);
    }
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
      if (type === "disconnect") this.#refuse(AWAY);
      if (type !== "reconnect") continue;
      this.#refusal = undefined;
      await this.#onReturn();
    }
  }

  #refuse(refusal: string): void {
    this.#refusal = refusal;
    for (const step of this.#steps) step.end(unavailable(refusal));
  }
}

/** One for all steps, as nobody is told it. */
const ANSWERED = new Error("The call was answered");
