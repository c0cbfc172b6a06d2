// Traces for OpenTelemetry.
export { traced } from "./traces/traced-log.ts";
