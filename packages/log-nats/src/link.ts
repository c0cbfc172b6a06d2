import type { NatsConnection } from "@nats-io/transport-node";
import { asProblem, unavailable } from "./failures.ts";

const DISPOSED = "The log is disposed of";
const AWAY = "NATS cannot be reached";

/** The link to NATS: what is asked over it, and what is told when it is lost and comes back. */
export class Link {
  readonly #connection: NatsConnection;
  readonly #onReturn: () => Promise<void>;
  /** How to end what waits for an answer. The client would wait for its time, though no answer can come any more. */
  readonly #waiting = new Set<(reason: Error) => void>();
  #refusal: string | undefined;

  /** `onReturn` runs each time that the link is there again; what was published meanwhile was not heard. */
  constructor(connection: NatsConnection, onReturn: () => Promise<void>) {
    this.#connection = connection;
    this.#onReturn = onReturn;
    void this.#notice();
  }

  /** @throws ProtocolError `unavailable` without asking where NATS is away, and as soon as it goes away */
  async ask<T>(step: () => Promise<T>): Promise<T> {
    if (this.#refusal !== undefined) throw unavailable(this.#refusal);
    let end = (_: Error): void => {};
    const lost = new Promise<never>((_, reject) => {
      end = reject;
    });
    this.#waiting.add(end);
    try {
      return await Promise.race([step(), lost]);
    } catch (error) {
      throw asProblem(error);
    } finally {
      this.#waiting.delete(end);
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
    for (const end of this.#waiting) end(unavailable(refusal));
  }
}
