/** Runs steps with the same name one after another. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Run a step after all earlier ones with the same name have ended. */
  async take<T>(name: string, step: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve();
    // A failure of the previous step is reported to its own caller.
    const turn = before.then(step, step);
    this.#last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    }
  }
}
