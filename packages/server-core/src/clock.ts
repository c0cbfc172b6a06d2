/** The feeds of a server beat in so many groups, one after the other, so that not all of them beat in one turn. */
const GROUPS = 16;

/** One timer that gives each of its members a beat every `periodMs`; it stands still while it has none. */
export class Clock {
  readonly #periodMs: number;
  readonly #groups: readonly Set<() => void>[] = Array.from({ length: GROUPS }, () => new Set());
  #timer: NodeJS.Timeout | undefined;
  #size = 0;
  #next = 0;
  #joined = 0;

  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  /** Beat from now on; call what comes back to stop, once. */
  add(beat: () => void): () => void {
    const group = this.#groups[this.#joined++ % GROUPS] ?? new Set();
    group.add(beat);
    this.#size += 1;
    this.#timer ??= setInterval(() => this.#strike(), this.#periodMs / GROUPS).unref();
    return () => {
      group.delete(beat);
      this.#size -= 1;
      if (this.#size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  #strike(): void {
    const group = this.#groups[this.#next];
    this.#next = (this.#next + 1) % GROUPS;
    for (const beat of group ?? []) beat();
  }
}
