import type { Bench } from "../bench.ts";

/** The figures of one target in a scenario, by key. */
export type Sample = Readonly<Record<string, number>>;

/** A figure of a scenario, and which direction is better. */
export interface Figure {
  readonly key: string;
  readonly title: string;
  /** Digits after the point. @defaultValue 0 */
  readonly digits?: number;
  /** Whether a higher value is better. */
  readonly more: boolean;
}

/** One measurement, made with every target. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** The names of the targets that support it, in the order of the table. */
  readonly targets: readonly string[];
  /** The figures; the plot shows the first one. */
  readonly figures: readonly Figure[];
  /** Measure a fresh target. `scale` is 1, or less for a quick check. */
  run(bench: Bench, scale: number): Promise<Sample>;
}

/** The targets that can do everything. */
export const ALL_TARGETS: readonly string[] = [
  "raw",
  "floor",
  "tidemark",
  "tidemark-metrics",
  "tidemark-node",
  "tidemark-koa",
  "tidemark-hono",
  "nchan",
  "better-sse",
  "durable-streams",
];
