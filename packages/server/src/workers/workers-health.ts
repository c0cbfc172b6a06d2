import type { LogHealth } from "@tidemark/log";

/** Tells people once what each worker says of its own link to the engine that all of them use. */
export class WorkersHealth {
  readonly #report: (line: string) => void;
  /** The workers whose link is broken. */
  readonly #without = new Set<object>();
  #isAway = false;
  #said = "";

  constructor(report: (line: string) => void) {
    this.#report = report;
  }

  /** `isFirst`: the worker says how it is when it starts, which is news only if the engine was away. */
  take(worker: object, { usable, detail }: LogHealth, isFirst: boolean): void {
    const lacked = this.#without.delete(worker);
    if (!usable) this.#without.add(worker);
    const isAway = this.#without.size > 0;
    const isChange = isAway !== this.#isAway;
    this.#isAway = isAway;
    // Without a change, a usable engine says that something happened to its store. All workers can say so.
    const isNews = usable && !lacked && !isFirst && detail !== this.#said;
    if (!isChange && !isNews) return;
    this.#said = detail;
    this.#report(detail);
  }

  /** The worker has ended. Another one says whether the engine is back. */
  forget(worker: object): void {
    this.#without.delete(worker);
  }
}
