import type { LogHealth } from "@tidemark/log";

/** Merges what the workers report about their own links to the shared engine, so that each change is printed once. */
export class WorkersHealth {
  readonly #report: (line: string) => void;
  /** The workers whose link is broken. */
  readonly #without = new Set<object>();
  #isAway = false;
  #said = "";

  constructor(report: (line: string) => void) {
    this.#report = report;
  }

  /** Whether the engine can be reached, as the workers see it. */
  get present(): LogHealth {
    return { usable: !this.#isAway, detail: this.#said };
  }

  /** `isFirst` marks the report at a worker's start. It is news only if the engine was unreachable before. */
  take(worker: object, { usable, detail }: LogHealth, isFirst: boolean): void {
    const lacked = this.#without.delete(worker);
    if (!usable) this.#without.add(worker);
    const isAway = this.#without.size > 0;
    const isChange = isAway !== this.#isAway;
    this.#isAway = isAway;
    // If nothing changed, a usable engine reports that something happened to its store. Every worker may report that.
    const isNews = usable && !lacked && !isFirst && detail !== this.#said;
    if (!isChange && !isNews) return;
    this.#said = detail;
    this.#report(detail);
  }

  /** The worker has ended. Another one will report whether the engine is back. */
  forget(worker: object): void {
    this.#without.delete(worker);
  }
}
