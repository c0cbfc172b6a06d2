/**
 * What one call of the log asks of NATS. It ends when the call is answered, so that nothing of it goes on behind the
 * caller's back: a call that was told `unavailable` must not change anything after that.
 */
export class Step {
  readonly #stops = new Set<(reason: Error) => void>();
  #end: Error | undefined;

  /** @throws the reason for which the step ended */
  assertLive(): void {
    if (this.#end !== undefined) throw this.#end;
  }

  /** Call `stop` when the step ends; returns how to take that back. */
  onEnd(stop: (reason: Error) => void): () => void {
    if (this.#end !== undefined) stop(this.#end);
    else this.#stops.add(stop);
    return () => {
      this.#stops.delete(stop);
    };
  }

  /** End the step: whatever it still waits for is stopped. Idempotent. */
  end(reason: Error): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    for (const stop of this.#stops) stop(reason);
    this.#stops.clear();
  }
}
