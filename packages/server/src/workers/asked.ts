/** Questions to another process, which answers each by its number. */
export class Asked<T> {
  readonly #waiting = new Map<number, (answer: T | undefined) => void>();
  #count = 0;

  /** Ask by `send`, which gets the number. Resolves with the answer, or with undefined after `ms` without one. */
  ask(send: (id: number) => void, ms: number): Promise<T | undefined> {
    const id = ++this.#count;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.take(id, undefined), ms);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      send(id);
    });
  }

  /** An answer has come. One that comes too late is dropped. */
  take(id: number, answer: T | undefined): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }

  /** No more answers will come. */
  end(): void {
    for (const id of [...this.#waiting.keys()]) this.take(id, undefined);
  }
}
