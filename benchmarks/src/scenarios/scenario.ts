import type { Bench } from "../bench.ts";

/** What is measured of every target in a scenario, by name. */
export type Sample = Readonly<Record<string, number>>;

/** A figure of a scenario, and how it is compared. */
export interface Figure {
  readonly key: string;
  readonly title: string;
  /** Digits after the point. @defaultValue 0 */
  readonly digits?: number;
  /** Whether more of it is better. */
  readonly more: boolean;
}

/** A question that is asked of every target. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** The names of the targets that can be asked; the order is the order of the table. */
  readonly targets: readonly string[];
  /** The first is the one that is drawn. */
  readonly figures: readonly Figure[];
  /** Ask a fresh target. `scale` is 1, or less for a short look. */
  run(bench: Bench, scale: number): Promise<Sample>;
}
