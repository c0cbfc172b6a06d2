import { randomBytes } from "node:crypto";
import { type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import { resolveRetention } from "@tidemark/log/parts";
import type { LogHarness, LogUnderTest } from "@tidemark/log-contract";
import type { NatsServer } from "../../../testing/engines/nats-server.ts";
import { connectTo } from "../src/connection.ts";
import { endAfter, floorOf, raiseFloor } from "../src/floor.ts";
import { Names } from "../src/names.ts";
import { NatsLog, type NatsLogOptions } from "../src/nats-log.ts";
import {
  encodeBody,
  messagesAfter,
  type RecordHead,
  type StoredRecord,
  sizeOf,
  tagAfter,
} from "../src/record.ts";
import { Requests } from "../src/requests.ts";
import { Store } from "../src/store.ts";
import { isStreamMissing } from "../src/stream-setup.ts";
import { rebuild, type StreamMessage } from "./rebuild.ts";

/** NATS itself is restarted at the first restart of a log, and again after this many. */
const RESTARTS_OF_NATS = 8;

const KEY_TTL_MS = 60_000;
const NANOS_PER_MS = 1_000_000;

/** The `open` function of `NatsLog`, or of a log with a fault. */
export type OpenLog = typeof NatsLog.open;

/** Options of {@link natsHarness}. */
export interface HarnessOptions {
  readonly open?: OpenLog;
  readonly graceMs?: number;
}

/** A stream name that no other test uses. */
export function freshStream(): string {
  return `test-${randomBytes(8).toString("hex")}`;
}

/** The harness of the log on a real NATS. Each log has its own stream; all share the server. */
export function natsHarness(
  server: NatsServer,
  { open = NatsLog.open, graceMs = 5_000 }: HarnessOptions = {},
): LogHarness {
  return { durable: true, graceMs, create: () => NatsUnderTest.create(server, open) };
}

/** One of several nodes of the same log. Changes of its data affect all nodes, a restart only this one. */
export async function natsNode(server: NatsServer, stream: string): Promise<LogUnderTest> {
  return NatsUnderTest.create(server, NatsLog.open, stream);
}

/** Run a function that accesses NATS over a separate connection. */
export async function withManager<T>(
  server: NatsServer,
  run: (manager: JetStreamManager) => Promise<T>,
): Promise<T> {
  const connection = await connectTo(server.url);
  try {
    return await run(await jetstreamManager(connection));
  } finally {
    await connection.close();
  }
}

class NatsUnderTest implements LogUnderTest {
  log: NatsLog;
  readonly #server: NatsServer;
  readonly #open: OpenLog;
  readonly #options: NatsLogOptions;
  readonly #names: Names;
  /** Restarts of the log until the next restart of NATS itself; never if that would cut off other nodes. */
  #restartsLeft: number;

  private constructor(
    server: NatsServer,
    open: OpenLog,
    options: NatsLogOptions & { readonly stream: string },
    log: NatsLog,
    restartsLeft: number,
  ) {
    this.#server = server;
    this.#open = open;
    this.#options = options;
    this.#names = new Names(options.stream);
    this.log = log;
    this.#restartsLeft = restartsLeft;
  }

  /** `shared` is a stream that other nodes use as well. */
  static async create(server: NatsServer, open: OpenLog, shared?: string): Promise<NatsUnderTest> {
    const options = { stream: shared ?? freshStream(), keyTtlMs: KEY_TTL_MS };
    const restarts = shared === undefined ? 0 : Number.POSITIVE_INFINITY;
    return new NatsUnderTest(server, open, options, await open(server.url, options), restarts);
  }

  /**
   * Do what an append with this retention would do: write a record without messages that has the channel's
   * new start.
   */
  async trim(channel: string, keepLast: number): Promise<void> {
    await withManager(this.#server, async (manager) => {
      const { stream } = this.#names;
      const access = { manager, client: manager.jetstream(), stream, answerMs: 5_000, isDirect: () => false };
      const store = new Store(new Requests(access), this.#names);
      const last = await store.last(channel);
      if (last.number === 0) return;
      const head = await trimmedHead(store, channel, last, keepLast);
      const { number } = await store.put(channel, head, new Uint8Array(), { after: last.number });
      await store.purge(channel, head.oldest?.number ?? number);
    });
  }

  async restart(): Promise<NatsLog> {
    await this.log.dispose();
    if (this.#restartsLeft-- === 0) {
      await this.#server.restart();
      this.#restartsLeft = RESTARTS_OF_NATS - 1;
    }
    this.log = await this.#open(this.#server.url, this.#options);
    return this.log;
  }

  another(): Promise<NatsLog> {
    return this.#open(this.#server.url, this.#options);
  }

  async lose(channel: string, count: number): Promise<void> {
    const subject = this.#names.channel(channel);
    await withManager(this.#server, (manager) =>
      rebuild(manager, this.#names, (messages) => {
        const records = messages.filter((message) => message.subject === subject);
        const others = messages.filter((message) => message.subject !== subject);
        return [...others, ...withoutNewest(records, count)];
      }),
    );
  }

  async expireKeys(): Promise<void> {
    await withManager(this.#server, async (manager) => {
      const { config } = await manager.streams.info(this.#names.keys);
      if (config.max_age !== KEY_TTL_MS * NANOS_PER_MS)
        throw new Error(`keys are remembered for ${config.max_age} ns`);
      const { duplicate_window } = (await manager.streams.info(this.#names.stream)).config;
      if (duplicate_window > config.max_age) throw new Error(`appends are known for ${duplicate_window} ns`);
      await manager.streams.purge(this.#names.keys);
      await rebuild(manager, this.#names, (messages) => messages);
    });
  }

  async dispose(): Promise<void> {
    await this.log.dispose();
    await withManager(this.#server, async (manager) => {
      for (const stream of [this.#names.stream, this.#names.keys])
        await manager.streams.delete(stream).catch((error: unknown) => {
          if (!isStreamMissing(error)) throw error; // the test has deleted it
        });
    });
  }
}

async function trimmedHead(
  store: Store,
  channel: string,
  last: StoredRecord,
  keepLast: number,
): Promise<RecordHead> {
  const end = endAfter(last);
  const retention = { ...resolveRetention(), maxMessages: keepLast };
  const next = (number: number): Promise<StoredRecord | undefined> => store.next(channel, number);
  let floor = floorOf(last);
  while (end.seq - floor.seq > keepLast) floor = await raiseFloor(floor, end, retention, last.timeMs, next); // one step at a time
  return {
    ...{ epoch: last.epoch, base: end.seq, count: 0, tag: last.tag, prevTag: tagAfter(last) },
    ...{ baseBytes: end.bytes, bytes: 0, floor: floor.seq, floorBytes: floor.bytes },
    ...(floor.seq < end.seq && { oldest: floor.oldest }),
    closed: last.closed,
  };
}

/**
 * A channel's records without its newest `count` messages. The oldest record stays, to preserve the position.
 */
function withoutNewest(records: readonly StreamMessage[], count: number): readonly StreamMessage[] {
  const kept = [...records];
  let left = count;
  while (left > 0) {
    const newest = kept.pop();
    if (newest?.head === undefined) throw new Error("cannot lose more messages than there are");
    const lost = kept.length > 0 || newest.head.count > left ? Math.min(left, newest.head.count) : left;
    left -= lost;
    if (left > 0) continue;
    if (newest.head.count > lost || kept.length === 0) kept.push(shortened(newest, lost));
  }
  return kept.map((record, index) =>
    index === kept.length - 1 ? reopened(record, records.at(-1)?.head) : record,
  );
}

/** A record without its newest `lost` messages. */
function shortened({ head, data, ...rest }: StreamMessage, lost: number): StreamMessage {
  if (head === undefined) throw new Error("no record");
  const drafts = [...messagesAfter(stored({ head, data, ...rest }, head), head.base)].slice(
    0,
    head.count - lost,
  );
  const bytes = drafts.reduce((sum, draft) => sum + sizeOf(draft), 0);
  return { ...rest, head: { ...head, count: drafts.length, bytes }, data: encodeBody(drafts) };
}

/** The new last record. The channel keeps its start, because trimmed messages stay trimmed, and is open. */
function reopened(record: StreamMessage, before: RecordHead | undefined): StreamMessage {
  const { head } = record;
  if (head === undefined || before === undefined) throw new Error("no record");
  const end = endAfter(stored(record, head));
  const { oldest: _, ...rest } = head;
  const isEmpty = before.floor >= end.seq;
  const floor = isEmpty
    ? { floor: end.seq, floorBytes: end.bytes }
    : { floor: before.floor, floorBytes: before.floorBytes };
  const oldest = before.oldest ?? head.oldest;
  return { ...record, head: { ...rest, ...floor, ...(!isEmpty && oldest && { oldest }), closed: false } };
}

function stored({ number, data }: StreamMessage, head: RecordHead): StoredRecord {
  return { ...head, number, timeMs: 0, body: data };
}
