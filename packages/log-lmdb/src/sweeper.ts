import type { Retention } from "@tidemark/log/parts";
import { BEFORE_ALL, type ChannelKey } from "./store/channel-table.ts";
import type { LmdbStore } from "./store/lmdb-store.ts";
import { exceeds, trimStep } from "./trim-step.ts";
import type { Writer } from "./writer.ts";

/** What a {@link Sweeper} works on, and by what rules. */
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
  /** It was asked for while it was under way. */
  again: boolean;
  done: Promise<void>;
}

/** So many records are deleted by a step at most: appends and reads wait no longer than for that. */
const STEP = 512;
/** So many channels are looked at in a turn of the event loop. */
const LOOK = 128;
const MIN_ROUND_MS = 1_000;
const MAX_ROUND_MS = 60_000;

/** Drops what retention does not keep, in the background and in small steps between the appends. */
export class Sweeper {
  readonly #options: SweeperOptions;
  /** What is being worked on: each channel, and the rest, by one at a time. */
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

  /** Delete what removed channels left. */
  collect(): void {
    this.#repeat("garbage", () => this.#options.store.collect(STEP));
  }

  /** Forget the oldest keys, if there are too many. */
  boundKeys(): void {
    const { store, maxKeys } = this.#options;
    if (store.keys.size > maxKeys) this.#forgetKeys();
  }

  /** Look for all that time alone brings about. */
  round(): void {
    this.collect();
    this.#forgetKeys();
    this.#once("round", () => this.#lookAtAll());
  }

  /** Resolves when nothing is under way any more. */
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

  /** Run `step`, each time in a transaction, until it leaves nothing to do. */
  #repeat(name: string, step: () => boolean): void {
    this.#once(name, async () => {
      while (!this.#stopped && (await this.#options.writer.run(step)));
    });
  }

  #forgetKeys(): void {
    const { store, maxKeys, now } = this.#options;
    this.#repeat("keys", () => store.keys.forget(now(), maxKeys, STEP));
  }

  /** Do `work`, and once more if it is asked for meanwhile: it may have looked before there was something to see. */
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
