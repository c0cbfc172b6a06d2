import type { Batch, Connection, Mechanism } from "@tidemark/client-core/kit";

/** Tries a mechanism beside the one in use; nothing that it brings is handed on until it is taken over. */
export class Probe {
  /** Where it began to read. */
  readonly position: string;
  /**
   * Whether the mechanism works: it brought a message, a second block, or one whole answer; undefined until that is known.
   * A first block alone does not show it: a hop can hold back the rest.
   */
  works: boolean | undefined;
  readonly #connection: Connection;
  readonly #batches: AsyncGenerator<Batch, number | undefined, void>;
  /** What it brought until then. */
  readonly #steps: IteratorResult<Batch, number | undefined>[] = [];
  readonly #tried: Promise<void>;

  constructor(mechanism: Mechanism, connection: Connection) {
    this.position = connection.position;
    this.#connection = connection;
    this.#batches = mechanism.open(connection);
    this.#tried = this.#try();
  }

  /** All that the mechanism brings, from the first batch on; ends the connection when it is left. */
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
      // Why it does not work is of no interest: the mechanism in use goes on.
      this.works = false;
    }
  }

  /** More than nothing, and more than a refusal or a stream that ended after its first block. */
  get #isAnswer(): boolean {
    const last = this.#steps.at(-1);
    return !last?.done || (last.value !== undefined && this.#steps.length > 1);
  }
}
