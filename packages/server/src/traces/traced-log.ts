import { type Attributes, type Span, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import type { Appended, AppendOptions, Log, LogHealth, ReadOptions, Unlisten, Unwatch } from "@tidemark/log";
import { type Position, ProtocolError, type RawDraft, type RawPage } from "@tidemark/protocol";

/**
 * A log that makes a span of each append, read and removal, under the active span: that of the request, if the
 * application's SDK makes one. Attributes: `messaging.destination.name` is the channel,
 * `messaging.batch.message_count` the number of messages, `tidemark.problem` the code of a refusal or a failure.
 * Otherwise it behaves as the log itself. Nothing is recorded unless an SDK is registered.
 *
 * @param tracer @defaultValue the tracer `tidemark` of the registered SDK
 */
export function traced(log: Log, tracer: Tracer = trace.getTracer("tidemark")): Log {
  return new TracedLog(log, tracer);
}

class TracedLog implements Log {
  readonly revision?: (channel: string) => string | undefined;
  readonly health?: () => LogHealth;
  readonly onHealth?: (listener: (health: LogHealth) => void) => Unlisten;
  readonly #log: Log;
  readonly #tracer: Tracer;

  constructor(log: Log, tracer: Tracer) {
    this.#log = log;
    this.#tracer = tracer;
    if (log.revision) this.revision = log.revision.bind(log);
    if (log.health) this.health = log.health.bind(log);
    if (log.onHealth) this.onHealth = log.onHealth.bind(log);
  }

  append(channel: string, drafts: readonly RawDraft[], options?: AppendOptions): Promise<Appended> {
    const attributes = { "messaging.operation.type": "send", [COUNT]: drafts.length };
    return this.#span("append", channel, attributes, () => this.#log.append(channel, drafts, options));
  }

  read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
    return this.#span("read", channel, { "messaging.operation.type": "receive" }, async (span) => {
      const page = await this.#log.read(channel, from, options);
      span.setAttribute(COUNT, page.messages.length);
      return page;
    });
  }

  remove(channel: string): Promise<boolean> {
    return this.#span("remove", channel, {}, () => this.#log.remove(channel));
  }

  watch(channel: string, wake: () => void): Promise<Unwatch> {
    return this.#log.watch(channel, wake);
  }

  dispose(): Promise<void> {
    return this.#log.dispose();
  }

  #span<T>(
    operation: string,
    channel: string,
    more: Attributes,
    call: (span: Span) => Promise<T>,
  ): Promise<T> {
    const attributes = { "messaging.system": "tidemark", "messaging.destination.name": channel, ...more };
    return this.#tracer.startActiveSpan(`tidemark ${operation}`, { attributes }, async (span) => {
      try {
        return await call(span);
      } catch (error) {
        noteFailure(span, error);
        throw error;
      } finally {
        span.end();
      }
    });
  }
}

const COUNT = "messaging.batch.message_count";

/** A refusal, such as `gap`, is a proper answer of the log, not an error of the span. */
function noteFailure(span: Span, error: unknown): void {
  const { code, status } = error instanceof ProtocolError ? error : { code: "internal", status: 500 };
  span.setAttribute("tidemark.problem", code);
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
}
