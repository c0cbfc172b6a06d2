import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogHarness, LogUnderTest } from "@tidemark/log/contract";
import { DirectoryLock } from "../src/directory-lock.ts";
import { LmdbLog, type LmdbLogOptions, openStore } from "../src/lmdb-log.ts";
import { channelKey } from "../src/store/channel-table.ts";
import type { LmdbStore } from "../src/store/lmdb-store.ts";
import { trimStep } from "../src/trim-step.ts";

/** Makes the log, or one that extends it. */
export type CreateLmdbLog = (store: LmdbStore, lock: DirectoryLock, options: LmdbLogOptions) => LmdbLog;

/** What {@link lmdbHarness} takes. */
export interface LmdbHarnessOptions {
  readonly createLog?: CreateLmdbLog;
  readonly durability?: "process" | "disk";
  readonly graceMs?: number;
  /** Where the directories are made. */
  readonly parent?: string;
}

const KEY_TTL_MS = 1_000;

/** A directory of its own for a test; gone after it. */
export async function temporaryDirectory(parent: string = tmpdir()): Promise<string> {
  return mkdtemp(join(parent, "tidemark-log-"));
}

/** The harness of the log on disk: real directories, and the store behind the log's back. */
export function lmdbHarness(options: LmdbHarnessOptions = {}): LogHarness {
  const { createLog = (...args) => new LmdbLog(...args), durability = "process", parent, ...rest } = options;
  return {
    ...rest,
    durable: true,
    lacks: { another: "one process has the directory" },
    create: async () => new Opened(await temporaryDirectory(parent), createLog, durability).open(),
  };
}

class Opened {
  readonly #directory: string;
  readonly #createLog: CreateLmdbLog;
  readonly #options: LmdbLogOptions;
  #nowMs = Date.now();

  constructor(directory: string, createLog: CreateLmdbLog, durability: "process" | "disk") {
    this.#directory = directory;
    this.#createLog = createLog;
    this.#options = { durability, keyTtlMs: KEY_TTL_MS, now: () => this.#nowMs };
  }

  async open(): Promise<LogUnderTest> {
    let { store, log } = await this.#start();
    return {
      log,
      trim: (channel, keepLast) => trim(store, channel, keepLast),
      lose: (channel, count) => lose(store, channel, count),
      expireKeys: async () => {
        this.#nowMs += KEY_TTL_MS;
      },
      restart: async () => {
        await log.dispose();
        ({ store, log } = await this.#start());
        return log;
      },
      dispose: async () => {
        await log.dispose();
        await rm(this.#directory, { recursive: true, force: true });
      },
    };
  }

  async #start(): Promise<{ readonly store: LmdbStore; readonly log: LmdbLog }> {
    const lock = await DirectoryLock.acquire(this.#directory);
    const store = await openStore(this.#directory, this.#options);
    return { store, log: this.#createLog(store, lock, this.#options) };
  }
}

async function trim(store: LmdbStore, channel: string, keepLast: number): Promise<void> {
  const none = Number.POSITIVE_INFINITY;
  const retention = { maxMessages: keepLast, maxBytes: none, maxAgeMs: none };
  await store.commit(() => {
    while (trimStep(store, channelKey(channel), retention, 0, 7));
  });
}

/** Fall back to the time before the newest messages, as an older copy of the directory does. */
async function lose(store: LmdbStore, channel: string, count: number): Promise<void> {
  const key = channelKey(channel);
  await store.commit(() => {
    const state = store.channels.get(key);
    const endSeq = state.endSeq - count;
    store.messages.remove(state.incarnation, endSeq, state.endSeq);
    const endTag =
      endSeq === state.startSeq ? state.startTag : store.messages.tagOf(state.incarnation, endSeq);
    store.channels.put(key, { ...state, endSeq, endTag, closed: false }, state);
  });
}
