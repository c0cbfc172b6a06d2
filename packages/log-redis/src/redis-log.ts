import {
  type Adoption,
  type Appended,
  type AppendOptions,
  closedError,
  gapError,
  keyReusedError,
  type LogCursor,
  type LogHealth,
  type MovableLog,
  notAtEndError,
  parseLogCursor,
  type ReadOptions,
  type RetentionOptions,
  type Unlisten,
  type Unwatch,
} from "@tidemark/log";
import {
  adoptedCursors,
  atLeast,
  EngineClock,
  HealthState,
  JointAppends,
  resolveRetention,
} from "@tidemark/log/parts";
import type { Position, ProtocolError, RawDraft, RawPage } from "@tidemark/protocol";
import type { RedisAddress } from "./address.ts";
import { connect, createLinks, type Links } from "./connection.ts";
import { type AppendReply, Engine, type ReadReply, type ScriptPosition, type Scripts } from "./engine.ts";
import { EngineWatch } from "./engine-watch.ts";
import { asProblem, unavailable } from "./failures.ts";
import { channelNames, Keys, SHARDS } from "./keys.ts";
import { cursorAfter, cursorsThrough, type MessageId, messageId, seqOfId } from "./message-id.ts";
import { WakeUps } from "./wake-ups.ts";

const DISPOSED = "The log is disposed of";
const DAY_MS = 86_400_000;

/** Options of {@link RedisLog.open}. */
export interface RedisLogOptions {
  /** The prefix of all keys in Redis. Logs with different prefixes share nothing. @defaultValue "tidemark" */
  readonly prefix?: string;
  /** What each channel keeps; enforced at every append and read. */
  readonly retention?: RetentionOptions;
  /** How long an idempotency key is remembered, in milliseconds. @defaultValue 86_400_000 (a day) */
  readonly keyTtlMs?: number;
  /** Removals remembered; beyond that the readers of some empty channels get a gap. @defaultValue 100_000 */
  readonly maxRemoved?: number;
}

/** A log on Redis Streams, for any number of processes. */
export class RedisLog implements MovableLog {
  readonly #links: Links;
  readonly #engine: Engine;
  readonly #keys: Keys;
  readonly #wakeUps: WakeUps;
  readonly #jointAppends = new JointAppends((channel, drafts) => this.#append(channel, drafts, {}));
  readonly #health = new HealthState({ usable: false, detail: "Redis has not been reached yet" });
  readonly #watch: EngineWatch;
  #disposed = false;

  /** Use {@link RedisLog.open}. @internal */
  constructor(links: Links, options: RedisLogOptions = {}, scripts?: Scripts) {
    const { prefix = "tidemark", retention, keyTtlMs = DAY_MS, maxRemoved = 100_000 } = options;
    const clock = new EngineClock();
    this.#links = links;
    this.#watch = new EngineWatch(links.commands, clock, this.#health);
    this.#keys = new Keys(prefix);
    this.#engine = new Engine(links.commands, this.#keys, {
      retention: resolveRetention(retention),
      keyTtlMs: atLeast(1, keyTtlMs, "keyTtlMs"),
      maxRemoved: Math.ceil(atLeast(1, maxRemoved, "maxRemoved") / SHARDS),
      nowMs: () => clock.now(),
      ...(scripts && { scripts }),
    });
    this.#wakeUps = new WakeUps(links.subscriber);
  }

  /**
   * Open a log on a Redis, which must be version 7 or later, a primary, and set to `noeviction`.
   *
   * @throws ProtocolError `unavailable` if it cannot be reached, Error if it cannot keep a log
   */
  static async open(address: RedisAddress, options: RedisLogOptions = {}): Promise<RedisLog> {
    const log = new RedisLog(createLinks(address), options);
    try {
      await log.connect();
    } catch (error) {
      await log.dispose();
      throw error;
    }
    return log;
  }

  /** Connect to Redis, and check it now and from now on. @internal */
  async connect(): Promise<void> {
    await connect(this.#links);
    await this.#watch.start();
  }

  async append(channel: string, drafts: readonly RawDraft[], options: AppendOptions = {}): Promise<Appended> {
    const { key, after, close = false } = options;
    if (key || after !== undefined || close || drafts.length === 0)
      return this.#append(channel, drafts, options);
    return this.#jointAppends.append(channel, drafts);
  }

  async read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
    const { maxMessages, maxBytes = Number.MAX_SAFE_INTEGER } = options;
    atLeast(1, maxMessages, "maxMessages");
    const position = from === "start" || from === "end" ? { epoch: "", id: from } : concrete(from);
    const asked = position ?? { epoch: "", id: "0-0" };
    const reply = await this.#ask(() => this.#engine.read(channel, asked, maxMessages, maxBytes));
    if (reply.at === undefined) throw gapAt(from, position, reply);
    return pageOf(reply, reply.at);
  }

  async watch(channel: string, wake: () => void): Promise<Unwatch> {
    return this.#ask(() => this.#wakeUps.add(this.#keys.of(channel).wake, wake));
  }

  async remove(channel: string): Promise<boolean> {
    return this.#ask(() => this.#engine.remove(channel));
  }

  async *channels(): AsyncIterable<string> {
    yield* channelNames(this.#links.commands, this.#keys);
  }

  async adopt(channel: string, adoption: Adoption): Promise<void> {
    const [from, ...cursors] = adoptedCursors(adoption);
    const entries = adoption.messages.map((message, i) => ({ ...message, id: idOf(cursors[i]) }));
    const request = { from: { epoch: from.epoch, id: idOf(from) }, entries, closed: adoption.closed };
    const { outcome, epoch, end } = await this.#ask(() => this.#engine.adopt(channel, request));
    if (outcome === "not-at-end") throw notAtEndError(cursorAfter(epoch, end));
  }

  health(): LogHealth {
    return this.#health.present;
  }

  onHealth(listener: (health: LogHealth) => void): Unlisten {
    return this.#health.listen(listener);
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#watch.end();
    this.#health.end(DISPOSED);
    this.#wakeUps.clear();
    this.#links.commands.disconnect();
  }

  async #append(channel: string, drafts: readonly RawDraft[], options: AppendOptions): Promise<Appended> {
    const { key, after, close = false } = options;
    const request = { drafts, close, key, after: after === undefined ? undefined : concrete(after) };
    const reply = await this.#ask(() => this.#engine.append(channel, request));
    const { outcome, epoch, end, closed, count } = reply;
    if (outcome !== "stored" && outcome !== "replayed") throw refusal(outcome, reply);
    return {
      cursors: cursorsThrough(epoch, end, count),
      cursor: cursorAfter(epoch, end),
      closed,
      replayed: outcome === "replayed",
    };
  }

  async #ask<T>(step: () => Promise<T>): Promise<T> {
    if (this.#disposed) throw unavailable(DISPOSED);
    const { unfit } = this.#watch;
    if (unfit) throw unavailable(unfit.message, unfit);
    try {
      return await step();
    } catch (error) {
      throw asProblem(error);
    }
  }
}

/** @throws RangeError for a cursor in another form than our logs', which does not fit in an id */
function idOf(cursor: LogCursor | undefined): MessageId {
  const id = cursor && messageId(cursor);
  if (id === undefined) throw new RangeError(`${cursor?.tag} is not a tag of our logs`);
  return id;
}

/** A cursor as an argument of the scripts; `null` for one that no log on Redis issued. */
function concrete(position: Position): ScriptPosition | null {
  const cursor = parseLogCursor(position);
  const id = cursor && messageId(cursor);
  return id === undefined ? null : { epoch: cursor?.epoch ?? "", id };
}

function refusal(outcome: "key-reused" | "closed" | "not-at-end", reply: AppendReply): ProtocolError {
  if (outcome === "key-reused") return keyReusedError();
  const end = cursorAfter(reply.epoch, reply.end);
  return outcome === "closed" ? closedError(end) : notAtEndError(end);
}

function gapAt(from: Position, asked: ScriptPosition | null, reply: ReadReply): ProtocolError {
  const { epoch, first, last } = reply;
  const extent = { start: cursorAfter(epoch, first), end: cursorAfter(epoch, last) };
  if (asked === null) return gapError("unknown", from, extent);
  if (asked.epoch !== epoch) return gapError("epoch", from, extent);
  const seq = seqOfId(asked.id);
  if (seq < seqOfId(first)) return gapError("retention", from, extent);
  // The position exists with another append's tag, so the cursor is of a lost history.
  return gapError(seq > seqOfId(last) ? "ahead" : "epoch", from, extent);
}

function pageOf({ epoch, last, closed, messages }: ReadReply, at: string): RawPage {
  const from = cursorAfter(epoch, at);
  const cursor = messages.at(-1)?.cursor ?? from;
  const more = cursor !== cursorAfter(epoch, last);
  return { messages, from, cursor, more, closed: closed && !more };
}
