import { Crowd, type Member } from "../feed/crowd.ts";

/** A deadline expires up to this many milliseconds early, rather than late. */
const STEP_MS = 50;

/** Runs a function when its time is over, unless it is called off. */
export class Deadline implements Member {
  seat = -1;
  readonly expire: () => void;
  readonly #step: Crowd<Deadline>;

  /** @internal */
  constructor(step: Crowd<Deadline>, expire: () => void) {
    this.#step = step;
    this.expire = expire;
    step.add(this);
  }

  callOff(): void {
    this.#step.delete(this);
  }
}

/** All deadlines of a server on one timer: a single deadline creates, moves or clears no timer. */
export class Deadlines {
  /** The deadlines by the step at whose beginning they expire. */
  readonly #steps = new Map<number, Crowd<Deadline>>();
  #timer: NodeJS.Timeout | undefined;
  #told = 0;

  /** Call `expire` in `waitMs`, or up to one step earlier. */
  add(expire: () => void, waitMs: number): Deadline {
    const now = performance.now();
    if (this.#timer === undefined) {
      this.#told = Math.floor(now / STEP_MS);
      this.#timer = setInterval(() => this.#tell(), STEP_MS);
      this.#timer.unref();
    }
    const step = Math.max(this.#told + 1, Math.floor((now + waitMs) / STEP_MS));
    const those = this.#steps.get(step) ?? new Crowd();
    this.#steps.set(step, those);
    return new Deadline(those, expire);
  }

  #tell(): void {
    const now = Math.floor(performance.now() / STEP_MS);
    for (; this.#told < now; this.#told += 1) {
      const step = this.#told + 1;
      const those = this.#steps.get(step);
      this.#steps.delete(step);
      those?.visit(({ expire }) => expire());
    }
    if (this.#steps.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
