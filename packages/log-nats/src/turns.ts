/** Lets what concerns the same name happen one after another. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Run a step once all that were given before it, of the same name, are over. */
  async take<T>(name: string, step: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve();
    // Whether the one before failed is told to who asked for it.
    const turn = before.then(step, step);
    this.#last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    }
  }
}
