/** The feeds of a server tick in this many groups, one after the other, so that they do not all tick in one turn. */
const GROUPS = 16;

/** One timer that ticks for each of its members every `periodMs`; it stops while it has none. */
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

  /** Call `beat` every period. Returns the function that stops this, which may be called only once. */
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
