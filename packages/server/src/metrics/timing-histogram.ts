import type { Metric, MetricValueWithName, Registry } from "prom-client";
import { BOUNDS_S, type Timings } from "./timings.ts";

/** Timings, and the labels that they have. */
export type LabelledTimings = readonly (readonly [labels: Readonly<Record<string, string>>, of: Timings])[];

type Values = MetricValueWithName<string>[];

/** Add a histogram that reads its values from `timings` when it is collected. */
export function addTimings(
  registry: Registry,
  name: string,
  help: string,
  timings: () => LabelledTimings,
): void {
  const full = `tidemark_${name}`;
  const get = async (): Promise<unknown> => ({
    name: full,
    help,
    type: "histogram",
    aggregator: "sum",
    values: timings().flatMap(([labels, of]) => valuesOf(full, labels, of)),
  });
  // A registry only asks a metric for its name and its values.
  registry.registerMetric({ name: full, get } as unknown as Metric);
}

/** The samples of the text format: each bucket also counts what is in the smaller ones. */
function valuesOf(name: string, labels: Readonly<Record<string, string>>, { counts, sumS }: Timings): Values {
  let count = 0;
  const buckets = counts.map((own, at) => {
    count += own;
    return { metricName: `${name}_bucket`, labels: { le: BOUNDS_S[at] ?? "+Inf", ...labels }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sumS },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
