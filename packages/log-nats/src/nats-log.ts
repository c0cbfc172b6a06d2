import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type {
  Appended,
  AppendOptions,
  ListedLog,
  ReadOptions,
  RetentionOptions,
  Unwatch,
} from "@tidemark/log";
import { atLeast, JointAppends, type Retention, resolveRetention } from "@tidemark/log/parts";
import { type Position, ProtocolError, type RawDraft, type RawPage } from "@tidemark/protocol";
import { Appender } from "./appender.ts";
import { answerMs, connectTo, type NatsAddress } from "./connection.ts";
import { EngineClock } from "./engine-clock.ts";
import { asProblem, unavailable } from "./failures.ts";
import { KeyStore } from "./key-store.ts";
import { LatestRecords } from "./latest-records.ts";
import { Link } from "./link.ts";
import { Names } from "./names.ts";
import { Reader } from "./reader.ts";
import { endOf, type StoredRecord } from "./record.ts";
import { Requests } from "./requests.ts";
import { Store } from "./store.ts";
import { isDirect, setUpStreams, timeOf } from "./stream-setup.ts";
import { Turns } from "./turns.ts";
import { WakeUps } from "./wake-ups.ts";

const DAY_MS = 86_400_000;

/** Attempts of a removal against appends of other nodes. */
const REMOVALS = 40;

/** What a record takes beside its messages, at most. */
const HEAD_BYTES = 1_024;

/** Appends that leave together are one record, and who reads one of its messages is sent all of it. */
const MAX_JOINT_MESSAGES = 100;
const MAX_JOINT_BYTES = 32 * 1024;

/** Options of {@link NatsLog.open}. */
export interface NatsLogOptions {
  /** The stream that keeps all channels, made if it is missing; `<stream>-keys` beside it. @defaultValue "tidemark" */
  readonly stream?: string;
  /** Servers that keep a copy of the stream, on NATS 2.10.20 or later; an append waits for most of them. @defaultValue 1 */
  readonly replicas?: number;
  /** What each channel keeps; checked at every append and read of it. */
  readonly retention?: RetentionOptions;
  /** How long an idempotency key is remembered, in milliseconds. @defaultValue 86_400_000 (a day) */
  readonly keyTtlMs?: number;
  /** How long a retry of an append whose node died is known, in milliseconds, at least 100. @defaultValue 600_000 */
  readonly dedupeMs?: number;
}

/** What an open log is made of. */
interface LogParts {
  readonly connection: NatsConnection;
  readonly names: Names;
  readonly store: Store;
  readonly keys: KeyStore;
  readonly retention: Retention;
  readonly clock: EngineClock;
}

/** A log on NATS JetStream, for any number of processes. */
export class NatsLog implements ListedLog {
  readonly #parts: LogParts;
  readonly #link: Link;
  readonly #latest = new LatestRecords();
  readonly #wakeUps: WakeUps;
  /** This process's appends to a channel, one after another: only other processes are met in the stream. */
  readonly #turns = new Turns();
  readonly #jointAppends: JointAppends;

  private constructor(parts: LogParts) {
    const { connection, names } = parts;
    this.#parts = parts;
    this.#jointAppends = new JointAppends((channel, drafts) => this.#append(channel, drafts, {}), {
      maxMessages: MAX_JOINT_MESSAGES,
      maxBytes: Math.min(MAX_JOINT_BYTES, maxPayload(connection) - HEAD_BYTES),
    });
    this.#wakeUps = new WakeUps(connection);
    this.#link = new Link(connection, () => {
      this.#latest.clear();
      return this.#wakeUps.wakeAll();
    });
    connection.subscribe(names.advisories, {
      callback: (error) => (error ? this.#latest.disable() : this.#latest.clear()),
    });
  }

  /**
   * Open a log on a NATS of at least version 2.9 with JetStream.
   *
   * @throws ProtocolError `unavailable` if it cannot be reached, Error if it, or the stream there, cannot keep a log
   */
  static async open(address: NatsAddress, options: NatsLogOptions = {}): Promise<NatsLog> {
    const { stream = "tidemark", replicas = 1, keyTtlMs = DAY_MS, dedupeMs = 600_000 } = options;
    const names = new Names(stream);
    const setup = {
      replicas: atLeast(1, replicas, "replicas"),
      keyTtlMs: atLeast(1_000, keyTtlMs, "keyTtlMs"),
      dedupeMs: atLeast(100, dedupeMs, "dedupeMs"),
    };
    const retention = resolveRetention(options.retention);
    const connection = await connectTo(address);
    try {
      const manager = await jetstreamManager(connection, { timeout: answerMs(address) });
      const config = await setUpStreams(connection, manager, names, setup);
      const access = { manager, client: manager.jetstream() };
      const ofRecords = { ...access, stream, isDirect: () => isDirect(config) };
      const ofKeys = { ...access, stream: names.keys, isDirect: () => false };
      return new NatsLog({
        ...{ connection, names, retention },
        store: new Store(new Requests(ofRecords), names),
        keys: new KeyStore(new Requests(ofKeys), names),
        clock: new EngineClock(await timeOf(manager, names)),
      });
    } catch (error) {
      await connection.close();
      throw asProblem(error);
    }
  }

  async append(channel: string, drafts: readonly RawDraft[], options: AppendOptions = {}): Promise<Appended> {
    this.#assertFits(drafts);
    const { key, after, close = false } = options;
    if (key || after !== undefined || close || drafts.length === 0)
      return this.#append(channel, drafts, options);
    return this.#jointAppends.append(channel, drafts);
  }

  async read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
    atLeast(1, options.maxMessages, "maxMessages");
    const { store, retention, clock } = this.#parts;
    return this.#link.ask((step) =>
      new Reader(store.during(step), retention, clock).read(channel, from, options),
    );
  }

  async watch(channel: string, wake: () => void): Promise<Unwatch> {
    return this.#link.ask(() => this.#wakeUps.add(this.#parts.names.wake(channel), wake));
  }

  async remove(channel: string): Promise<boolean> {
    const { store } = this.#parts;
    return this.#turns.take(channel, () => this.#link.ask((step) => remove(store.during(step), channel)));
  }

  async *channels(): AsyncIterable<string> {
    const { store } = this.#parts;
    for (const name of await this.#link.ask((step) => store.during(step).channels()))
      if (!isUnwritten(await this.#link.ask((step) => store.during(step).last(name)))) yield name;
  }

  async dispose(): Promise<void> {
    this.#wakeUps.clear();
    await this.#link.close();
  }

  #append(channel: string, drafts: readonly RawDraft[], options: AppendOptions): Promise<Appended> {
    const { store, keys, retention, clock } = this.#parts;
    return this.#turns.take(channel, () =>
      this.#link.ask((step) => {
        const parts = { retention, clock, latest: this.#latest };
        const appender = new Appender({ ...parts, store: store.during(step), keys: keys.during(step) });
        return appender.append({ channel, drafts, options });
      }),
    );
  }

  #assertFits(drafts: readonly RawDraft[]): void {
    const max = maxPayload(this.#parts.connection);
    const bytes = drafts.reduce(
      (sum, { event = "", json }) => sum + Buffer.byteLength(json) + event.length + 2,
      HEAD_BYTES,
    );
    if (bytes <= max) return;
    const detail = `An append is one record of NATS, whose max_payload is ${max} bytes; this one takes ${bytes}`;
    throw new ProtocolError("too-large", detail);
  }
}

async function remove(store: Store, channel: string): Promise<boolean> {
  for (let attempt = 0; attempt < REMOVALS; attempt++) {
    const last = await store.last(channel);
    if (isUnwritten(last)) return false;
    if (await store.remove(channel, last)) return true;
  }
  throw unavailable("Too many others append to this channel at once");
}

/** So is a channel that was removed. */
function isUnwritten(last: StoredRecord): boolean {
  return endOf(last) === 0 && !last.closed;
}

function maxPayload({ info }: NatsConnection): number {
  return info?.max_payload ?? Number.POSITIVE_INFINITY;
}
