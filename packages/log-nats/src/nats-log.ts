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
  /**
   * Whether the streams are created where NATS has none: when the log opens, and while it is open if they were removed
   * and nobody puts them back within three seconds. `false` where somebody else creates them, or restores a backup.
   * @defaultValue true
   */
  readonly createStream?: boolean;
}

/** A log on NATS JetStream, for any number of processes. */
export class NatsLog implements ListedLog {
  readonly #parts: LogParts;
  readonly #link: Link;
  /** This process's appends to a channel, one after another: only other processes are met in the stream. */
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
      refused: (reason) => this.#link.setUnfit(reason),
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
   * @throws ProtocolError `unavailable` if it cannot be reached, Error if it, or the stream there, cannot keep a log
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
    const detail = `An append is one record of NATS, whose max_payload is ${max} bytes; this one takes ${bytes}`;
    throw new ProtocolError("too-large", detail);
  }
}

/** What this process knows of the stream may not hold any more: everybody reads again. */
function forget({ latest, wakeUps }: LogParts): void {
  latest.clear();
  wakeUps.wakeAll();
}

function eventsFor(parts: LogParts): LinkEvents {
  const { connection, health, guard } = parts;
  return {
    lost: () => {
      const server = connection.getServer();
      health.set({ usable: false, detail: `NATS cannot be reached: the link to ${server} is lost` });
    },
    returned: () => {
      forget(parts);
      guard.lookNow();
    },
    failed: (error) => {
      if (mayBeMissing(error)) guard.lookSoon();
    },
  };
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
