/**
 * What one call of the log asks of NATS. It ends when the call is answered, so that nothing of it goes on behind the
 * caller's back: a call that was told `unavailable` must not change anything after that.
 */
export class Step {
  /** What waits; a list, as it is mostly one. */
  #stops: ((reason: Error) => void)[] = [];
  #end: Error | undefined;

  /** @throws the reason for which the step ended */
  assertLive(): void {
    if (this.#end !== undefined) throw this.#end;
  }

  /** Call `stop` when the step ends; returns how to take that back. */
  onEnd(stop: (reason: Error) => void): () => void {
    if (this.#end !== undefined) stop(this.#end);
    else this.#stops.push(stop);
    return () => {
      this.#stops = this.#stops.filter((other) => other !== stop);
    };
  }

  /** End the step: whatever it still waits for is stopped. Idempotent. */
  end(reason: Error): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    const stops = this.#stops;
    this.#stops = [];
    for (const stop of stops) stop(reason);
  }
}
