/**
 * The requests of one call of the log. The step ends when the call returns, so that nothing continues in the
 * background: a call that has failed with `unavailable` must not change anything after that.
 */
export class Step {
  /** Stop functions of pending work; a list, because there is mostly one. */
  #stops: ((reason: Error) => void)[] = [];
  #end: Error | undefined;

  /** @throws the reason, if the step has ended */
  assertLive(): void {
    if (this.#end !== undefined) throw this.#end;
  }

  /** Call `stop` when the step ends. Returns a function that cancels that. */
  onEnd(stop: (reason: Error) => void): () => void {
    if (this.#end !== undefined) stop(this.#end);
    else this.#stops.push(stop);
    return () => {
      this.#stops = this.#stops.filter((other) => other !== stop);
    };
  }

  /** End the step and stop its pending work. Idempotent. */
  end(reason: Error): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    const stops = this.#stops;
    this.#stops = [];
    for (const stop of stops) stop(reason);
  }
}
