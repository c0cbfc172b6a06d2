/** The port that workers share, where a free one was asked for: nobody knows it before the first of them listens. */
export class SharedPort {
  readonly #asked: number;
  #found: number | undefined;
  #listening = 0;

  constructor(asked: number) {
    this.#asked = asked;
  }

  /**
   * What the next worker is to listen on. Workers that ask for 0 get the port of those that did before and live; with
   * none alive, that port is free and has to be asked for by its number.
   */
  get wanted(): number {
    return this.#listening > 0 ? this.#asked : (this.#found ?? this.#asked);
  }

  /** A worker listens on this port. Answers whether it is the one of all; if not, the worker is no use. */
  enter(port: number): boolean {
    this.#found ??= port;
    if (port !== this.#found) return false;
    this.#listening += 1;
    return true;
  }

  /** A worker that had entered has ended. */
  leave(): void {
    this.#listening -= 1;
  }
}
