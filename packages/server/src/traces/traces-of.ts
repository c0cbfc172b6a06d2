import type { Log } from "@tidemark/log";

const MISSING = "--traces needs the package @opentelemetry/api beside @tidemark/server, and an SDK";

const UNUSED =
  "--traces is set, but no OpenTelemetry SDK is registered, so nothing is recorded: load one with NODE_OPTIONS=--import=<module>";

/**
 * What makes spans of a log's calls. @opentelemetry/api is loaded only here, since it is optional.
 *
 * @param warn called if no SDK is registered
 * @throws Error if @opentelemetry/api is not installed
 */
export async function tracesOf(warn: (line: string) => void): Promise<(log: Log) => Log> {
  try {
    const { ProxyTracerProvider, trace } = await import("@opentelemetry/api");
    const { traced } = await import("./traced-log.ts");
    const current = trace.getTracerProvider();
    const nothing = new ProxyTracerProvider().getDelegate();
    if (current instanceof ProxyTracerProvider && current.getDelegate() === nothing) warn(UNUSED);
    return (log) => traced(log);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND")
      throw new Error(MISSING, { cause: error });
    throw error;
  }
}
