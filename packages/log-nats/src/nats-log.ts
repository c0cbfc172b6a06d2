import type { NatsConnection } from "@nats-io/transport-node";
import type {
  Appended,
  AppendOptions,
  ListedLog,
  LogHealth,
  ReadOptions,
  RetentionOptions,
  Unlisten,
  Unwatch,
} from "@tidemark/log";
import { atLeast, JointAppends, resolveRetention } from "@tidemark/log/parts";
import { type Position, ProtocolError, type RawDraft, type RawPage } from "@tidemark/protocol";
import { Appender } from "./appender.ts";
import type { NatsAddress } from "./connection.ts";
import { mayBeMissing, unavailable } from "./failures.ts";
import { Link, type LinkEvents } from "./link.ts";
import { type LogParts, type LogSetup, openParts } from "./log-parts.ts";
import { Names } from "./names.ts";
import { Reader } from "./reader.ts";
import { endOf, type StoredRecord } from "./record.ts";
import type { Store } from "./store.ts";
import { Turns } from "./turns.ts";

const DAY_MS = 86_400_000;

/** The attempts of a removal that conflicts with appends of other nodes. */
const REMOVALS = 40;

/** The most bytes that a record needs besides its messages. */
const HEAD_BYTES = 1_024;

/** A batch is one record, and reading one of its messages transfers the whole record. */
const MAX_JOINT_MESSAGES = 100;
const MAX_JOINT_BYTES = 32 * 1024;

/** Options of {@link NatsLog.open}. */
export interface NatsLogOptions {
  /** The stream of all channels, created if missing, like `<stream>-keys`. @defaultValue "tidemark" */
  readonly stream?: string;
  /**
   * Copies of the stream; more than 1 needs NATS 2.10.20 or later. An append waits for a majority.
   * @defaultValue 1
   */
  readonly replicas?: number;
  /** What each channel keeps; enforced at every append and read. */
  readonly retention?: RetentionOptions;
  /** How long an idempotency key is remembered, in milliseconds. @defaultValue 86_400_000 (a day) */
  readonly keyTtlMs?: number;
  /**
   * How long NATS recognizes a retry of an append whose node died, in milliseconds, at least 100.
   * @defaultValue 600_000
   */
  readonly dedupeMs?: number;
  /**
   * Whether missing streams are created: when the log opens, and while it is open if they were removed and
   * nobody restores them within three seconds. Use `false` if you create them yourself, or are restoring a
   * backup.
   * @defaultValue true
   */
  readonly createStream?: boolean;
}

/** A log on NATS JetStream, for any number of processes. */
export class NatsLog implements ListedLog {
  readonly #parts: LogParts;
  readonly #link: Link;
  /** Serializes this process's appends to a channel, so that they conflict only with other processes. */
  readonly #turns = new Turns();
  readonly #jointAppends: JointAppends;

  private constructor(parts: LogParts) {
    const { connection, names, latest, guard } = parts;
    this.#parts = parts;
    this.#jointAppends = new JointAppends((channel, drafts) => this.#append(channel, drafts, {}), {
      maxMessages: MAX_JOINT_MESSAGES,
      maxBytes: Math.min(MAX_JOINT_BYTES, maxPayload(connection) - HEAD_BYTES),
    });
    this.#link = new Link(connection, eventsFor(parts));
    guard.start({
      replaced: () => forget(parts),
      asking: () => this.#link.asking(),
    });
    connection.subscribe(names.advisories, {
      callback: (error) => {
        if (error) latest.disable();
        else latest.clear();
        guard.lookSoon();
      },
    });
  }

  /**
   * Open a log on a NATS of at least version 2.9 with JetStream.
   *
   * @throws ProtocolError `unavailable` if it cannot be reached, Error if it or its stream cannot keep a log
   */
  static async open(address: NatsAddress, options: NatsLogOptions = {}): Promise<NatsLog> {
    const { stream = "tidemark", replicas = 1, keyTtlMs = DAY_MS, dedupeMs = 600_000 } = options;
    const { createStream = true } = options;
    const setup: LogSetup = {
      names: new Names(stream),
      retention: resolveRetention(options.retention),
      replicas: atLeast(1, replicas, "replicas"),
      keyTtlMs: atLeast(1_000, keyTtlMs, "keyTtlMs"),
      dedupeMs: atLeast(100, dedupeMs, "dedupeMs"),
      createStream,
    };
    return new NatsLog(await openParts(address, setup));
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
    return this.#link.ask(() => this.#parts.wakeUps.add(this.#parts.names.wake(channel), wake));
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

  health(): LogHealth {
    return this.#parts.health.present;
  }

  onHealth(listener: (health: LogHealth) => void): Unlisten {
    return this.#parts.health.listen(listener);
  }

  async dispose(): Promise<void> {
    const { guard, health, wakeUps } = this.#parts;
    guard.end();
    health.end("The log is disposed of");
    wakeUps.clear();
    await this.#link.close();
  }

  #append(channel: string, drafts: readonly RawDraft[], options: AppendOptions): Promise<Appended> {
    const { store, keys, retention, clock, latest } = this.#parts;
    return this.#turns.take(channel, () =>
      this.#link.ask((step) => {
        const parts = { retention, clock, latest };
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
    const detail = `An append is one NATS message of at most ${max} bytes (max_payload); this one needs ${bytes}`;
    throw new ProtocolError("too-large", detail);
  }
}

/** The stream may have changed: forget what was cached, and wake every watcher. */
function forget({ latest, wakeUps }: LogParts): void {
  latest.clear();
  wakeUps.wakeAll();
}

function eventsFor(parts: LogParts): LinkEvents {
  const { connection, health, guard } = parts;
  return {
    lost: () => {
      const server = connection.getServer();
      health.set({ usable: false, detail: `NATS cannot be reached: the connection to ${server} was lost` });
    },
    returned: () => {
      forget(parts);
      guard.lookNow();
    },
    failed: (error) => {
      if (mayBeMissing(error)) guard.lookSoon();
    },
    ask: () => guard.check(),
  };
}

async function remove(store: Store, channel: string): Promise<boolean> {
  for (let attempt = 0; attempt < REMOVALS; attempt++) {
    const last = await store.last(channel);
    if (isUnwritten(last)) return false;
    if (await store.remove(channel, last)) return true;
  }
  throw unavailable("Too many concurrent appends to this channel");
}

/** Whether the channel is unwritten; a removed channel is too. */
function isUnwritten(last: StoredRecord): boolean {
  return endOf(last) === 0 && !last.closed;
}

function maxPayload({ info }: NatsConnection): number {
  return info?.max_payload ?? Number.POSITIVE_INFINITY;
}
