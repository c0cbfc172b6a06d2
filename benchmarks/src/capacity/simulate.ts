import { createRandom } from "../../../conformance/src/engine/run/context.ts";
import { percentile } from "../load/statistics.ts";
import { share } from "./random.ts";

/** The measured costs; see `costs.json`. */
export interface Costs {
  /** CPU of a worker for a message, however many readers it has there: wake-up, read, encoding. Microseconds. */
  readonly wakeUs: number;
  /** CPU of a worker for one write to one reader, in microseconds. */
  readonly deliveryUs: number;
  /** CPU of a worker for opening a stream, in microseconds. */
  readonly connectUs: number;
  /** Resident memory of one idle stream, in KiB. */
  readonly kibPerStream: number;
  /** CPU of the log's engine for an append, and for each worker that then reads it; microseconds. */
  readonly appendUs: number;
  readonly readUs: number;
}

/** The load on a cluster. */
export interface Load {
  readonly readers: number;
  readonly channels: number;
  /** Messages a second, over all channels. */
  readonly perSecond: number;
  /** Whether messages arrive at an even pace, as in a measurement; otherwise at random (Poisson). */
  readonly isPaced?: boolean;
  readonly bytesPerDelivery: number;
  readonly heartbeatS: number;
}

/** The result of one worker's simulation. */
export interface WorkerRun {
  /** The fraction of its core that it used. */
  readonly busy: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly deliveriesPerS: number;
  readonly logReadsPerS: number;
}

interface Waiting {
  readonly channel: number;
  /** When its messages arrived, in microseconds; each reader gets all of them in one write. */
  readonly arrivals: number[];
}

/** Places in a flush of the readers whose latency is recorded: one in each quarter, and the last. */
const PLACES = [0.125, 0.375, 0.625, 0.875, 1] as const;

/**
 * Simulate one worker of `workers` for `seconds`, starting with an empty queue. Messages arrive at random; messages of a
 * waiting channel share one write; channels are served in order of arrival. The same seed gives the same run.
 */
export function simulateWorker(
  load: Load,
  workers: number,
  costs: Costs,
  seconds: number,
  seed: number,
): WorkerRun {
  const random = createRandom(seed);
  const each = load.readers / load.channels;
  const local = Array.from({ length: load.channels }, () => share(each, workers, random));
  const own = local.reduce((sum, readers) => sum + readers, 0);
  // Quiet streams get heartbeats. They are spread evenly, so they cost a constant fraction of the core.
  const quiet = Math.exp((-load.perSecond / load.channels) * load.heartbeatS);
  const background = Math.min(0.95, (own * quiet * costs.deliveryUs) / (load.heartbeatS * 1e6));
  const run = new Queue(local, costs, 1 / (1 - background));
  const endUs = seconds * 1e6;
  for (let atUs = 0; ; ) {
    atUs += ((load.isPaced ? 1 : -Math.log(1 - random())) / load.perSecond) * 1e6;
    if (atUs > endUs) break;
    run.arrive(Math.floor(random() * load.channels), atUs);
  }
  run.finish();
  return {
    busy: Math.max(run.busyUs, 0) / Math.max(endUs, run.freeAtUs) + background,
    p50Ms: percentile(run.latenciesUs, 0.5) / 1_000,
    p99Ms: percentile(run.latenciesUs, 0.99) / 1_000,
    deliveriesPerS: run.deliveries / seconds,
    logReadsPerS: run.reads / seconds,
  };
}

class Queue {
  readonly latenciesUs: number[] = [];
  freeAtUs = 0;
  busyUs = 0;
  deliveries = 0;
  reads = 0;
  readonly #local: readonly number[];
  readonly #costs: Costs;
  readonly #slowdown: number;
  readonly #waiting = new Map<number, Waiting>();

  constructor(local: readonly number[], costs: Costs, slowdown: number) {
    this.#local = local;
    this.#costs = costs;
    this.#slowdown = slowdown;
  }

  arrive(channel: number, atUs: number): void {
    if ((this.#local[channel] ?? 0) === 0) return; // without readers, the worker does not watch the channel
    this.#serveUntil(atUs);
    const waiting = this.#waiting.get(channel);
    if (waiting) waiting.arrivals.push(atUs);
    else this.#waiting.set(channel, { channel, arrivals: [atUs] });
  }

  finish(): void {
    this.#serveUntil(Number.POSITIVE_INFINITY);
  }

  #serveUntil(atUs: number): void {
    for (const flush of this.#waiting.values()) {
      const startUs = Math.max(this.freeAtUs, flush.arrivals[0] ?? 0);
      if (startUs >= atUs) return;
      this.#waiting.delete(flush.channel);
      this.#serve(flush, startUs);
    }
  }

  #serve({ channel, arrivals }: Waiting, startUs: number): void {
    const readers = this.#local[channel] ?? 0;
    const wakeUs = this.#costs.wakeUs * this.#slowdown;
    const writesUs = readers * this.#costs.deliveryUs * this.#slowdown;
    for (const arrivedUs of arrivals)
      for (const place of PLACES) this.latenciesUs.push(startUs + wakeUs + place * writesUs - arrivedUs);
    this.freeAtUs = startUs + wakeUs + writesUs;
    this.busyUs += this.#costs.wakeUs + readers * this.#costs.deliveryUs;
    this.deliveries += readers * arrivals.length;
    this.reads += 1;
  }
}
