// Metrics for Prometheus.
export { Metrics, type MetricsOptions } from "./metrics/metrics.ts";
