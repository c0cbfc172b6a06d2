import type { LogCall, Observer } from "@tidemark/server-core";
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";
import { ChannelClasses } from "./channel-classes.ts";
import { addCounters } from "./counters.ts";
import { Counts } from "./counts.ts";
import { addGauges, type Observed } from "./gauges.ts";

/** Options of {@link Metrics}. */
export interface MetricsOptions {
  /**
   * The values of the label `class`, as `name=pattern` each; the first pattern that matches a channel decides, and `*`
   * stands for any characters. Channels that match none are in the class `other`. @defaultValue []
   */
  readonly classes?: readonly string[];
  /** Add the metrics of the process and of Node, such as the delay of the event loop. @defaultValue true */
  readonly process?: boolean;
}

/** Upper bounds of the histograms' buckets, in seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * The metrics of one server in the format of Prometheus. Pass it as the option `observer`, then call {@link observe}
 * with the server, and answer `GET /metrics` with {@link text}.
 */
export class Metrics implements Observer {
  /** To add metrics of your own. */
  readonly registry: Registry = new Registry();
  readonly #counts = new Counts();
  readonly #classes: ChannelClasses;
  readonly #delivery: Histogram;
  readonly #wake: Histogram;
  readonly #calls: Histogram<"operation">;
  readonly #errors: Counter<"operation" | "code">;
  readonly #messages: Counter<"class">;
  readonly #bytes: Counter<"class">;
  // Called once for each stream and page: `Counts` counts them in plain numbers.
  readonly answered: Observer["answered"] = (answer) => this.#counts.answered(answer);
  readonly turnedAway: Observer["turnedAway"] = (why) => this.#counts.turnedAway(why);
  readonly streamEnded: Observer["streamEnded"] = (why) => this.#counts.streamEnded(why);

  /** @throws TypeError for an invalid class */
  constructor({ classes = [], process = true }: MetricsOptions = {}) {
    const registers = [this.registry];
    const named = (name: string, help: string) => ({ name: `tidemark_${name}`, help, registers });
    this.#classes = new ChannelClasses(classes);
    this.#delivery = new Histogram({ ...named("delivery_delay_seconds", DELIVERY), buckets: BUCKETS });
    this.#wake = new Histogram({ ...named("wake_delay_seconds", WAKE), buckets: BUCKETS });
    const calls = named("log_call_seconds", "Duration of calls of the log");
    this.#calls = new Histogram({ ...calls, labelNames: ["operation"], buckets: BUCKETS });
    const errors = named("log_errors_total", "Calls of the log that failed");
    this.#errors = new Counter({ ...errors, labelNames: ["operation", "code"] });
    const messages = named("appended_messages_total", "Messages appended through this server");
    this.#messages = new Counter({ ...messages, labelNames: ["class"] });
    const bytes = named("appended_bytes_total", "Bytes of data in the messages appended through this server");
    this.#bytes = new Counter({ ...bytes, labelNames: ["class"] });
    for (const name of this.#classes.names)
      for (const counter of [this.#messages, this.#bytes]) counter.inc({ class: name }, 0);
    addCounters(this.registry, this.#counts);
    if (process) collectDefaultMetrics({ register: this.registry });
  }

  /** Add the gauges: what the server holds now, which readers are behind, and whether the log can be used. */
  observe(observed: Observed): void {
    addGauges(this.registry, observed, this.#classes);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** All metrics in the text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  streamed(messages: number, bytes: number): void {
    this.#counts.streamed(messages, bytes);
  }

  appended(channel: string, messages: number, bytes: number): void {
    const labels = { class: this.#classes.of(channel) };
    this.#messages.inc(labels, messages);
    this.#bytes.inc(labels, bytes);
  }

  logCalled({ operation, ms, failure }: LogCall): void {
    this.#calls.observe({ operation }, ms / 1_000);
    if (failure !== undefined) this.#errors.inc({ operation, code: failure });
  }

  delivered(ms: number): void {
    this.#delivery.observe(ms / 1_000);
  }

  woken(ms: number): void {
    this.#wake.observe(ms / 1_000);
  }
}

const DELIVERY =
  "Time from the beginning of an append through this process until its messages were written to all readers that wait in this process";
const WAKE =
  "Time from the log's report of news until they were written to all readers that wait in this process";
