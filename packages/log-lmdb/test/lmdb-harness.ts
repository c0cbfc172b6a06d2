import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogHarness, LogUnderTest } from "@tidemark/log-contract";
import { DirectoryLock } from "../src/directory-lock.ts";
import { LmdbLog, type LmdbLogOptions, openStore } from "../src/lmdb-log.ts";
import { channelKey } from "../src/store/channel-table.ts";
import type { LmdbStore } from "../src/store/lmdb-store.ts";
import { trimStep } from "../src/trim-step.ts";

/** Creates the log, or a subclass. */
export type CreateLmdbLog = (store: LmdbStore, lock: DirectoryLock, options: LmdbLogOptions) => LmdbLog;

/** Options of {@link lmdbHarness}. */
export interface LmdbHarnessOptions {
  readonly createLog?: CreateLmdbLog;
  readonly durability?: "process" | "disk";
  readonly graceMs?: number;
  /** The parent of the directories. */
  readonly parent?: string;
}

const KEY_TTL_MS = 1_000;

/** A temporary directory for one test. */
export async function temporaryDirectory(parent: string = tmpdir()): Promise<string> {
  return mkdtemp(join(parent, "tidemark-log-"));
}

/** The harness of the on-disk log: it uses real directories, and changes the store behind the log. */
export function lmdbHarness(options: LmdbHarnessOptions = {}): LogHarness {
  const { createLog = (...args) => new LmdbLog(...args), durability = "process", parent, ...rest } = options;
  return {
    ...rest,
    durable: true,
    lacks: { another: "only one process can open the directory" },
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

/** Lose the newest messages, as restoring an older copy of the directory does. */
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
