import { join } from "node:path";
import type {
  Adoption,
  Appended,
  AppendOptions,
  MovableLog,
  ReadOptions,
  RetentionOptions,
  Unwatch,
} from "@tidemark/log";
import { atLeast, type Retention, resolveRetention, Watchers } from "@tidemark/log/parts";
import { type Position, ProtocolError, type RawDraft, type RawPage } from "@tidemark/protocol";
import { adoptStep, checkAdoption } from "./adopt-step.ts";
import { appendStep } from "./append-step.ts";
import { DirectoryLock } from "./directory-lock.ts";
import { readPage } from "./read-page.ts";
import { endOf, startOf } from "./store/channel-state.ts";
import { channelKey, channelNames } from "./store/channel-table.ts";
import { assertExists, DATA_FILE } from "./store/data-file.ts";
import { openingFailure } from "./store/failure.ts";
import { type Durability, LmdbStore } from "./store/lmdb-store.ts";
import { Sweeper } from "./sweeper.ts";
import { exceeds } from "./trim-step.ts";
import { Writer } from "./writer.ts";

const DAY_MS = 86_400_000;
/** The overhead of a record, in bytes. */
const RECORD_BYTES = 64;

/** Options of {@link LmdbLog.open}. */
export interface LmdbLogOptions {
  /**
   * What an acknowledged append survives: with `process` any end of this process, with `disk` also a crash or
   * power loss of the machine; an append then waits for the disk. @defaultValue "process"
   */
  readonly durability?: Durability;
  /** What each channel keeps; enforced in the background, soon after the append that exceeded a bound. */
  readonly retention?: RetentionOptions;
  /** How long an idempotency key is remembered, in milliseconds. @defaultValue 86_400_000 (a day) */
  readonly keyTtlMs?: number;
  /** Keys remembered over all channels; beyond that the oldest is forgotten early. @defaultValue 1_000_000 */
  readonly maxKeys?: number;
  /**
   * Channels that are kept; an append to one more fails with `storage-full`. Removing a channel frees its
   * place. @defaultValue 100_000
   */
  readonly maxChannels?: number;
  /**
   * Bytes of the messages of all channels: data and event names as UTF-8. An append that needs more fails
   * with `storage-full` until retention or a removal frees space. `null`: no bound but the disk.
   * @defaultValue null
   */
  readonly maxBytes?: number | null;
  /** Removals remembered; beyond that the readers of empty channels get a gap. @defaultValue 100_000 */
  readonly maxRemoved?: number;
  /** Whether to create a missing log; if false, a missing log is an error. @defaultValue true */
  readonly create?: boolean;
  /**
   * Milliseconds since 1970, for the age of messages and keys. @defaultValue a clock unaffected by wall-clock
   * jumps
   */
  readonly now?: () => number;
  /** Receives errors of background work, such as enforcing retention. @defaultValue `console.error` */
  readonly onError?: (error: unknown) => void;
}

/**
 * An on-disk log for one process.
 *
 * Concurrent appends share one transaction and one sync; each append is checked and stored atomically.
 * Reads are synchronous internally and see only committed states.
 */
export class LmdbLog implements MovableLog {
  readonly #store: LmdbStore;
  readonly #lock: DirectoryLock;
  readonly #retention: Retention;
  readonly #now: () => number;
  readonly #writer: Writer;
  readonly #sweeper: Sweeper;
  readonly #watchers = new Watchers();
  #disposing: Promise<void> | undefined;

  /** Use {@link LmdbLog.open}. @internal */
  constructor(store: LmdbStore, lock: DirectoryLock, options: LmdbLogOptions = {}) {
    const { retention, keyTtlMs = DAY_MS, maxKeys = 1_000_000 } = options;
    const { now = () => store.clock.now(), onError = console.error } = options;
    this.#store = store;
    this.#lock = lock;
    this.#retention = resolveRetention(retention);
    this.#now = now;
    const commit = async (work: () => void): Promise<void> => {
      lock.assertHeld();
      await store.commit(work);
    };
    this.#writer = new Writer(commit, (bytes) => store.hasRoom(bytes));
    this.#sweeper = new Sweeper({
      ...{ store, writer: this.#writer, retention: this.#retention, keyTtlMs },
      ...{ maxKeys: atLeast(1, maxKeys, "maxKeys"), now, onError },
    });
  }

  /**
   * Open the log in a directory, creating it if needed. After a crash it opens in its last durable state.
   *
   * @throws Error if another process has it open, the files are not a log, or no file can be created there
   */
  static async open(directory: string, options: LmdbLogOptions = {}): Promise<LmdbLog> {
    if (options.create === false) await assertExists(directory);
    const lock = await DirectoryLock.acquire(directory).catch((error: unknown) => {
      throw openingFailure(directory, error);
    });
    try {
      const store = await openStore(directory, options);
      lock.watch(join(directory, DATA_FILE));
      return new LmdbLog(store, lock, options);
    } catch (error) {
      await lock.release();
      throw openingFailure(directory, error);
    }
  }

  async append(channel: string, drafts: readonly RawDraft[], options: AppendOptions = {}): Promise<Appended> {
    this.#assertLive();
    const key = channelKey(channel);
    const copies = [...drafts]; // the drafts are written in a later turn
    const { appended, changed } = await this.#writer.run(
      () => appendStep(this.#store, key, copies, options, this.#now()),
      addedBytes(copies),
    );
    if (changed) {
      this.#watchers.wake(channel);
      if (exceeds(changed, this.#retention)) this.#sweeper.trim(key);
    }
    if (options.key) this.#sweeper.boundKeys();
    return appended;
  }

  async read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
    this.#assertLive();
    const { maxMessages, maxBytes = Number.POSITIVE_INFINITY } = options;
    atLeast(1, maxMessages, "maxMessages");
    const state = this.#store.channels.get(channelKey(channel));
    const { endSeq, closed } = state;
    const { messages: table } = this.#store;
    const { seq, cursor, messages } = readPage(table, state, from, { maxMessages, maxBytes });
    const more = seq + messages.length < endSeq;
    return {
      messages,
      from: cursor,
      cursor: messages.at(-1)?.cursor ?? cursor,
      more,
      closed: closed && !more,
    };
  }

  revision(channel: string): string | undefined {
    if (this.#disposing) return undefined;
    const state = this.#store.channels.get(channelKey(channel));
    return `${startOf(state)} ${endOf(state)}${state.closed ? "!" : ""}`;
  }

  async watch(channel: string, wake: () => void): Promise<Unwatch> {
    this.#assertLive();
    const end = this.#watchers.add(channel, wake);
    return async () => end();
  }

  async remove(channel: string): Promise<boolean> {
    this.#assertLive();
    const key = channelKey(channel);
    const existed = await this.#writer.run(() => {
      const { incarnation } = this.#store.channels.get(key);
      if (incarnation === 0) return false;
      this.#store.channels.remove(key);
      this.#store.discard(incarnation);
      return true;
    });
    if (existed) {
      this.#watchers.wake(channel);
      this.#sweeper.collect();
    }
    return existed;
  }

  async *channels(): AsyncIterable<string> {
    this.#assertLive();
    yield* channelNames(this.#store.channels);
  }

  async adopt(channel: string, adoption: Adoption): Promise<void> {
    this.#assertLive();
    const key = channelKey(channel);
    const cursors = checkAdoption(adoption); // check before sharing a transaction with other jobs
    const step = (): void => adoptStep(this.#store, key, adoption, cursors, this.#now());
    await this.#writer.run(step, addedBytes(adoption.messages));
    this.#watchers.wake(channel);
  }

  async dispose(): Promise<void> {
    this.#disposing ??= this.#dispose();
    await this.#disposing;
  }

  async #dispose(): Promise<void> {
    this.#watchers.clear();
    await this.#sweeper.stop();
    await this.#writer.close();
    await this.#store.close();
    await this.#lock.release();
  }

  #assertLive(): void {
    if (this.#disposing) throw new ProtocolError("unavailable", "The log is disposed of");
  }
}

/** An estimate of the bytes that messages take in the file; at least 1. */
function addedBytes(messages: readonly RawDraft[]): number {
  let bytes = 1;
  for (const { json } of messages) bytes += json.length + RECORD_BYTES;
  return bytes;
}

/** Open the store of a locked directory. @internal */
export async function openStore(directory: string, options: LmdbLogOptions): Promise<LmdbStore> {
  const { durability = "process", keyTtlMs = DAY_MS, maxRemoved = 100_000 } = options;
  const { maxChannels = 100_000, maxBytes = null } = options;
  return LmdbStore.open(directory, {
    durability,
    keyTtlMs: atLeast(0, keyTtlMs, "keyTtlMs"),
    maxRemoved: atLeast(1, maxRemoved, "maxRemoved"),
    maxChannels: atLeast(1, maxChannels, "maxChannels"),
    maxBytes: atLeast(1, maxBytes, "maxBytes"),
  });
}
