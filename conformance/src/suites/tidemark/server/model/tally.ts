import { EXERCISED } from "./requirements.ts";

/** So many right answers show a requirement; with fewer, a run without a failure says nothing about it. */
const ENOUGH = 20;

/** The kinds of right answers that show a requirement. */
const SHOWN_BY: Readonly<Record<string, readonly string[]>> = {
  "CORE-CHANNEL-1": ["page", "stream"],
  "CORE-POSITION-1": ["page", "stream", "held page"],
  "CORE-MESSAGE-1": ["page", "stream", "held page"],
  "POLL-PAGE-2": ["page"],
  "PUB-DONE-3": ["publish"],
};

/** Counts the answers that histories showed, so that nothing counts as verified that was hardly tried. */
export class Tally {
  readonly #counts = new Map<string, number>();

  judged(kind: string): void {
    this.#counts.set(kind, this.count(kind) + 1);
  }

  count(kind: string): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** The requirements that enough right answers have shown. */
  get shown(): readonly string[] {
    return EXERCISED.filter((id) => this.answersTo(id) >= ENOUGH);
  }

  /** How many right answers a requirement decides. */
  answersTo(requirement: string): number {
    return (SHOWN_BY[requirement] ?? []).reduce((sum, kind) => sum + this.count(kind), 0);
  }

  /** All counts, for people. */
  toString(): string {
    const sorted = [...this.#counts].sort(([, a], [, b]) => b - a);
    return sorted.map(([kind, count]) => `${count} ${kind}`).join(", ") || "none";
  }
}
