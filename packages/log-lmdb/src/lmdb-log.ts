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
/** What a record takes beside its data. */
const RECORD_BYTES = 64;

/** Options of {@link LmdbLog.open}. */
export interface LmdbLogOptions {
  /**
   * What an acknowledged append survives: `process` is the end of this process however it comes, `disk` that of the
   * machine too, at the price of waiting for the disk. @defaultValue "process"
   */
  readonly durability?: Durability;
  /** What each channel keeps; more is dropped in the background, soon after the append that made it too much. */
  readonly retention?: RetentionOptions;
  /** How long an idempotency key is remembered, in milliseconds. @defaultValue 86_400_000 (a day) */
  readonly keyTtlMs?: number;
  /** Keys remembered over all channels; beyond it the oldest is forgotten before its time. @defaultValue 1_000_000 */
  readonly maxKeys?: number;
  /**
   * Channels that are kept; an append to one more is `storage-full`. Removing a channel makes room. @defaultValue 100_000
   */
  readonly maxChannels?: number;
  /**
   * Bytes of the messages of all channels: data and event names as UTF-8. An append that needs more is `storage-full`,
   * until retention or a removal makes room. `null`: no bound but the disk. @defaultValue null
   */
  readonly maxBytes?: number | null;
  /** Removals remembered; beyond it the readers of empty channels get a gap. @defaultValue 100_000 */
  readonly maxRemoved?: number;
  /** Whether to make a log where there is none; else it is an error. @defaultValue true */
  readonly create?: boolean;
  /** Milliseconds since 1970, by which messages and keys grow old. @defaultValue a clock that no jump of the wall clock moves */
  readonly now?: () => number;
  /** Told of failures in the background: of dropping what need not be kept. @defaultValue `console.error` */
  readonly onError?: (error: unknown) => void;
}

/**
 * The log on disk, in one process.
 *
 * Appends that wait together share one transaction, and one sync; each is checked and stored in it as one step.
 * Reads are synchronous inside and see committed states only.
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
   * Open the log in a directory, made if it is missing. After a crash it opens as it was.
   *
   * @throws Error if another process has it open, what is there is no log of ours, or no file can be made there
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
    const copies = [...drafts]; // they are written in a later turn
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
    const cursors = checkAdoption(adoption); // before it shares a transaction with others
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

/** About what messages take in the file, and more than nothing. */
function addedBytes(messages: readonly RawDraft[]): number {
  let bytes = 1;
  for (const { json } of messages) bytes += json.length + RECORD_BYTES;
  return bytes;
}

/** The store of a directory that is locked. @internal */
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
