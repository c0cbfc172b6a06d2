import type { Batch, Connection, Mechanism } from "@tidemark/client-core/kit";

/** Tries a mechanism beside the one in use; nothing that it brings is handed on until it is taken over. */
export class Probe {
  /** Where it began to read. */
  readonly position: string;
  /** Whether the mechanism brought something; undefined until that is known. */
  works: boolean | undefined;
  readonly #connection: Connection;
  readonly #batches: AsyncGenerator<Batch, number | undefined, void>;
  readonly #first: Promise<Batch | undefined>;

  constructor(mechanism: Mechanism, connection: Connection) {
    this.position = connection.position;
    this.#connection = connection;
    this.#batches = mechanism.open(connection);
    this.#first = this.#try();
  }

  /** All that the mechanism brings, from the first on; ends the connection when it is left. */
  async *takeOver(): AsyncGenerator<Batch, number | undefined, void> {
    try {
      const first = await this.#first;
      if (first !== undefined) yield first;
      return yield* this.#batches;
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#connection.close();
  }

  async #try(): Promise<Batch | undefined> {
    try {
      const step = await this.#batches.next();
      this.works = !step.done;
      return step.done ? undefined : step.value;
    } catch {
      // Why it does not work is of no interest: the mechanism in use goes on.
      this.works = false;
      return undefined;
    }
  }
}
