import { AggregatorRegistry, Gauge, Registry } from "prom-client";
import type { Page } from "../own-pages.ts";

/** A process whose metrics are collected. */
export interface Collected {
  /** Its metrics as prom-client exports them; undefined if it does not answer in time. */
  collect(): Promise<unknown>;
}

type Exported = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

/** The metrics of all workers together, and how many workers have answered. */
export async function collectMetrics(workers: readonly Collected[]): Promise<Page> {
  const answers = await Promise.all(workers.map((worker) => worker.collect()));
  const all = answers.filter((values) => values !== undefined) as Exported[];
  const own = new Registry();
  new Gauge({ name: "tidemark_workers", help: "Workers that answered", registers: [own] }).set(all.length);
  const merged = AggregatorRegistry.aggregate([...all, await own.getMetricsAsJSON()]);
  return { status: 200, type: merged.contentType, text: await merged.metrics() };
}
