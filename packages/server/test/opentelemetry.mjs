// An OpenTelemetry SDK for a process, loaded by `--import`: it writes each span as a line of JSON to stderr.
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";

const exporter = {
  export(spans, done) {
    for (const span of spans) {
      const { name, attributes, parentSpanContext, status } = span;
      const { traceId, spanId } = span.spanContext();
      const told = {
        name,
        attributes,
        status: status.code,
        traceId,
        spanId,
        parent: parentSpanContext?.spanId,
      };
      process.stderr.write(`span ${JSON.stringify(told)}\n`);
    }
    done({ code: 0 });
  },
  shutdown: async () => undefined,
};

new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
registerInstrumentations({ instrumentations: [new HttpInstrumentation()] });
