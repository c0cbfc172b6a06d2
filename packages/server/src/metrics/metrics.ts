import type { LogCall, Observer } from "@tidemark/server-core";
import { collectDefaultMetrics, Registry } from "prom-client";
import { ChannelClasses } from "./channel-classes.ts";
import { addCounters } from "./counters.ts";
import { Counts } from "./counts.ts";
import { addGauges, type Observed } from "./gauges.ts";
import { addTimings } from "./timing-histogram.ts";
import { Timings } from "./timings.ts";

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

/**
 * The metrics of one server in the format of Prometheus. Pass it as the option `observer`, then call {@link observe}
 * with the server, and answer `GET /metrics` with {@link text}.
 */
export class Metrics implements Observer {
  /** To add metrics of your own. */
  readonly registry: Registry = new Registry();
  readonly #counts: Counts;
  readonly #classes: ChannelClasses;
  readonly #delivery = new Timings();
  readonly #wake = new Timings();
  readonly #calls = new Map<string, Timings>();
  readonly answered: Observer["answered"] = (answer) => this.#counts.answered(answer);
  readonly turnedAway: Observer["turnedAway"] = (why) => this.#counts.turnedAway(why);
  readonly streamEnded: Observer["streamEnded"] = (why) => this.#counts.streamEnded(why);

  /** @throws TypeError for an invalid class */
  constructor({ classes = [], process = true }: MetricsOptions = {}) {
    this.#classes = new ChannelClasses(classes);
    this.#counts = new Counts(this.#classes.names);
    addTimings(this.registry, "delivery_delay_seconds", DELIVERY, () => [[{}, this.#delivery]]);
    addTimings(this.registry, "wake_delay_seconds", WAKE, () => [[{}, this.#wake]]);
    addTimings(this.registry, "log_call_seconds", "Duration of calls of the log", () =>
      [...this.#calls].map(([operation, timings]) => [{ operation }, timings]),
    );
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
    this.#counts.appended(this.#classes.of(channel), messages, bytes);
  }

  logCalled({ operation, ms, failure }: LogCall): void {
    const timings = this.#calls.get(operation) ?? new Timings();
    timings.add(ms);
    this.#calls.set(operation, timings);
    if (failure !== undefined) this.#counts.logFailed(operation, failure);
  }

  delivered(ms: number): void {
    this.#delivery.add(ms);
  }

  woken(ms: number): void {
    this.#wake.add(ms);
  }
}

const DELIVERY =
  "Time from the beginning of an append through this process until its messages were written to all readers that wait in this process";
const WAKE =
  "Time from the log's report of news until they were written to all readers that wait in this process";
