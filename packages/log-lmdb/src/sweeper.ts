import type { Retention } from "@tidemark/log/parts";
import { BEFORE_ALL, type ChannelKey } from "./store/channel-table.ts";
import type { LmdbStore } from "./store/lmdb-store.ts";
import { exceeds, trimStep } from "./trim-step.ts";
import type { Writer } from "./writer.ts";

/** Options of a {@link Sweeper}. */
export interface SweeperOptions {
  readonly store: LmdbStore;
  readonly writer: Writer;
  readonly retention: Retention;
  readonly maxKeys: number;
  readonly keyTtlMs: number;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

interface Work {
  /** The work was requested again while running. */
  again: boolean;
  done: Promise<void>;
}

/** The most records that a step deletes. It bounds the time that appends and reads wait. */
const STEP = 512;
/** The number of channels checked in one turn of the event loop. */
const LOOK = 128;
const MIN_ROUND_MS = 1_000;
const MAX_ROUND_MS = 60_000;

/** Enforces retention in the background, in small steps between appends. */
export class Sweeper {
  readonly #options: SweeperOptions;
  /** The running work, by name: each kind of work runs at most once at a time. */
  readonly #busy = new Map<string, Work>();
  readonly #timer: ReturnType<typeof setInterval>;
  #stopped = false;

  constructor(options: SweeperOptions) {
    this.#options = options;
    const shortestMs = Math.min(options.retention.maxAgeMs, options.keyTtlMs);
    const roundMs = Math.min(MAX_ROUND_MS, Math.max(MIN_ROUND_MS, shortestMs / 4));
    this.#timer = setInterval(() => this.round(), roundMs);
    this.#timer.unref();
    this.round();
  }

  /** Trim a channel that has grown beyond its bounds. */
  trim(channel: ChannelKey): void {
    const { store, retention, now } = this.#options;
    this.#repeat(`channel ${channel}`, () => trimStep(store, channel, retention, now(), STEP));
  }

  /** Delete the messages of removed channels. */
  collect(): void {
    this.#repeat("garbage", () => this.#options.store.collect(STEP));
  }

  /** Forget the oldest keys, if there are too many. */
  boundKeys(): void {
    const { store, maxKeys } = this.#options;
    if (store.keys.size > maxKeys) this.#forgetKeys();
  }

  /** Check for everything that expires with time. */
  round(): void {
    this.collect();
    this.#forgetKeys();
    this.#once("round", () => this.#lookAtAll());
  }

  /** Stop. Resolves when all running work has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await Promise.all([...this.#busy.values()].map(({ done }) => done));
  }

  async #lookAtAll(): Promise<void> {
    const { channels } = this.#options.store;
    for (let keys = channels.keysAfter(BEFORE_ALL, LOOK); keys.length > 0; ) {
      for (const key of keys) if (this.#isDue(key)) this.trim(key);
      await new Promise(setImmediate);
      if (this.#stopped) return;
      keys = channels.keysAfter(keys.at(-1) ?? BEFORE_ALL, LOOK);
    }
  }

  #isDue(channel: ChannelKey): boolean {
    const { store, retention, now } = this.#options;
    const state = store.channels.get(channel);
    if (exceeds(state, retention)) return true;
    if (state.startSeq === state.endSeq || retention.maxAgeMs === Number.POSITIVE_INFINITY) return false;
    const oldestMs = store.messages.oldestTimeOf(state.incarnation, state.startSeq, state.endSeq);
    return oldestMs !== undefined && oldestMs < now() - retention.maxAgeMs;
  }

  /** Run `step` in one transaction after another until nothing is left to do. */
  #repeat(name: string, step: () => boolean): void {
    this.#once(name, async () => {
      while (!this.#stopped && (await this.#options.writer.run(step)));
    });
  }

  #forgetKeys(): void {
    const { store, maxKeys, now } = this.#options;
    this.#repeat("keys", () => store.keys.forget(now(), maxKeys, STEP));
  }

  /**
   * Run `work`, and again if it is requested meanwhile, because the first run may have missed the new change.
   */
  #once(name: string, work: () => Promise<void>): void {
    if (this.#stopped) return;
    const busy = this.#busy.get(name);
    if (busy) {
      busy.again = true;
      return;
    }
    const entry: Work = { again: false, done: Promise.resolve() };
    this.#busy.set(name, entry);
    entry.done = this.#untilDone(name, entry, work);
  }

  async #untilDone(name: string, entry: Work, work: () => Promise<void>): Promise<void> {
    do {
      entry.again = false;
      await work().catch(this.#options.onError);
    } while (entry.again && !this.#stopped);
    this.#busy.delete(name);
  }
}
