import type { Batch, Connection, Mechanism } from "@tidemark/client-core/kit";

/** Tries a mechanism beside the one in use; its batches are held back until it is taken over. */
export class Probe {
  /** Where it started to read. */
  readonly position: string;
  /**
   * Whether the mechanism works: it received a message, a second block, or a whole answer; undefined until
   * known. A first block alone is not enough, because an intermediary can hold back the rest.
   */
  works: boolean | undefined;
  readonly #connection: Connection;
  readonly #batches: AsyncGenerator<Batch, number | undefined, void>;
  /** The steps received until `works` is known. */
  readonly #steps: IteratorResult<Batch, number | undefined>[] = [];
  readonly #tried: Promise<void>;

  constructor(mechanism: Mechanism, connection: Connection) {
    this.position = connection.position;
    this.#connection = connection;
    this.#batches = mechanism.open(connection);
    this.#tried = this.#try();
  }

  /** Yield all batches of the mechanism, from the first one on; closes the connection at the end. */
  async *takeOver(): AsyncGenerator<Batch, number | undefined, void> {
    try {
      await this.#tried;
      for (const step of this.#steps) {
        if (step.done) return step.value;
        yield step.value;
      }
      return yield* this.#batches;
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#connection.close();
  }

  async #try(): Promise<void> {
    try {
      for (let holds = false; !holds; ) {
        const step = await this.#batches.next();
        this.#steps.push(step);
        holds =
          step.done ||
          step.value.holds === true ||
          step.value.closed === true ||
          step.value.messages.length > 0 ||
          this.#steps.length > 2;
      }
      this.works = this.#isAnswer;
    } catch {
      // The reason does not matter: the mechanism in use continues.
      this.works = false;
    }
  }

  /** Not empty, not a refusal, and not a stream that ended after its first block. */
  get #isAnswer(): boolean {
    const last = this.#steps.at(-1);
    return !last?.done || (last.value !== undefined && this.#steps.length > 1);
  }
}
