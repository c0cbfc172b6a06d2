import type { Lease } from "../nodes/lease.ts";
import type { Settings } from "../options.ts";
import type { Producer } from "./producer.ts";
import type { RunEnd } from "./records.ts";

interface Live {
  producer: Producer | undefined;
  readers: number;
  /** When the run last had a reader. */
  readMs: number;
  done: Promise<void> | undefined;
}

/** How often a removal is tried again while the log is unavailable, and how many times. */
const REMOVAL = { pauseMs: 5_000, tries: 120 };

/** The runs that this process produces. */
export class LiveRuns {
  readonly #settings: Settings;
  readonly #lease: Lease;
  readonly #runs = new Map<string, Live>();
  readonly #abandonTimer: NodeJS.Timeout | undefined;
  readonly #timers = new Set<NodeJS.Timeout>();

  /** `tellReadings` is called several times in each `abandonMs`. */
  constructor(settings: Settings, lease: Lease, tellReadings: () => void) {
    this.#settings = settings;
    this.#lease = lease;
    const { abandonMs } = settings;
    if (abandonMs === null) return;
    this.#abandonTimer = setInterval(() => {
      tellReadings();
      this.#stopAbandoned(abandonMs);
    }, abandonMs / 4).unref();
  }

  get size(): number {
    return this.#runs.size;
  }

  /** A run is about to start: from now on this process has to show that it is alive. */
  announce(id: string): void {
    this.#runs.set(id, { producer: undefined, readers: 0, readMs: performance.now(), done: undefined });
    this.#lease.hold();
  }

  add(id: string, producer: Producer): void {
    const live = this.#runs.get(id);
    if (live !== undefined) live.producer = producer;
  }

  /** The run goes on by itself until `done`; its channels are removed `retainMs` later. */
  run(id: string, done: Promise<void>, channels: readonly string[]): void {
    const live = this.#runs.get(id);
    const ended = done.then(() => {
      this.#delete(id);
      this.#later(() => this.#remove(channels, 0), this.#settings.retainMs);
    });
    if (live !== undefined) live.done = ended;
  }

  /** There is no run after all. */
  discard(id: string, channels: readonly string[]): void {
    this.#runs.get(id)?.producer?.discard();
    this.#delete(id);
    this.#remove(channels, 0);
  }

  /** Count a reader. Returns what to call when it leaves; undefined if this process does not produce the run. */
  attend(id: string): (() => void) | undefined {
    const live = this.#runs.get(id);
    if (live === undefined) return undefined;
    live.readers += 1;
    return () => {
      live.readers -= 1;
      live.readMs = performance.now();
    };
  }

  /** The run is read on another process. */
  touch(id: string): void {
    const live = this.#runs.get(id);
    if (live !== undefined) live.readMs = performance.now();
  }

  stop(id: string, how: RunEnd): void {
    this.#runs.get(id)?.producer?.stop(how);
  }

  /** End all, and wait for it. */
  async end(): Promise<void> {
    clearInterval(this.#abandonTimer);
    for (const timer of this.#timers) clearTimeout(timer);
    for (const { producer } of this.#runs.values()) producer?.stop("lost", "The server was stopped");
    await Promise.all([...this.#runs.values()].map(({ done }) => done));
  }

  #stopAbandoned(abandonMs: number): void {
    const now = performance.now();
    for (const { producer, readers, readMs } of this.#runs.values())
      if (readers === 0 && now - readMs > abandonMs)
        producer?.stop("abandoned", `Nobody read the run for ${abandonMs} ms`);
  }

  #delete(id: string): void {
    if (this.#runs.delete(id) && this.#runs.size === 0) this.#lease.release();
  }

  #later(act: () => void, afterMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, afterMs).unref();
    this.#timers.add(timer);
  }

  #remove(channels: readonly string[], tries: number): void {
    Promise.all(channels.map((channel) => this.#settings.log.remove(channel))).catch((error) => {
      if (tries === 0) this.#settings.onError(error);
      if (tries < REMOVAL.tries) this.#later(() => this.#remove(channels, tries + 1), REMOVAL.pauseMs);
    });
  }
}
