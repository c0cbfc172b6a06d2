import { setTimeout as sleep } from "node:timers/promises";
import {
  type Appended,
  type AppendOptions,
  closedError,
  formatLogCursor,
  keyReusedError,
  newTag,
  notAtEndError,
} from "@tidemark/log";
import type { EngineClock, Retention } from "@tidemark/log/parts";
import type { ProtocolError, RawDraft } from "@tidemark/protocol";
import { type AppendKey, keyOf } from "./append-key.ts";
import { isConflict, unavailable } from "./failures.ts";
import { endAfter, floorOf, raiseFloor } from "./floor.ts";
import type { KeyStore, Remembered } from "./key-store.ts";
import type { LatestRecords } from "./latest-records.ts";
import {
  cursorAfter,
  encodeBody,
  expectedAt,
  type RecordHead,
  type StoredRecord,
  sizeOf,
  tagAfter,
} from "./record.ts";
import type { Put, Store } from "./store.ts";

/** The attempts of an append that conflicts with other nodes, and the longest wait between two. */
const ATTEMPTS = 40;
const MAX_WAIT_MS = 50;

/** Dropped records are purged once this many messages have been dropped. */
const PURGE_EVERY = 64;

/**
 * Never a channel's last record: a put after it stores nothing, but NATS still reports a duplicate by its id.
 */
const NEVER = Number.MAX_SAFE_INTEGER;

const NOTHING = new Uint8Array();

/** The arguments of an append. */
interface Request {
  readonly channel: string;
  readonly drafts: readonly RawDraft[];
  readonly options: AppendOptions;
}

/** The parts that an {@link Appender} uses. */
export interface AppenderParts {
  readonly store: Store;
  readonly keys: KeyStore;
  readonly retention: Retention;
  readonly clock: EngineClock;
  readonly latest: LatestRecords;
}

/**
 * Append is compare-and-set on the channel's last record: read it, write if it is unchanged, else retry. If
 * this process wrote the last record, the first attempt skips the read; if that attempt fails, the next one
 * reads.
 */
export class Appender {
  readonly #store: Store;
  readonly #keys: KeyStore;
  readonly #retention: Retention;
  readonly #clock: EngineClock;
  readonly #latest: LatestRecords;

  constructor({ store, keys, retention, clock, latest }: AppenderParts) {
    this.#store = store;
    this.#keys = keys;
    this.#retention = retention;
    this.#clock = clock;
    this.#latest = latest;
  }

  async append(request: Request): Promise<Appended> {
    const { channel } = request;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const latest = this.#latest.get(channel);
      this.#latest.delete(channel); // until the append has succeeded
      try {
        const appended = latest && (await this.#putBehind(request, latest));
        return appended ?? (await this.#attempt(request));
      } catch (error) {
        if (!isConflict(error)) throw error;
        if (!latest) await sleep(Math.random() * Math.min(2 ** attempt, MAX_WAIT_MS));
      }
    }
    throw unavailable("Too many concurrent appends to this channel");
  }

  /**
   * Append after a record that may no longer be the last; `undefined` if the append needs the last record.
   */
  async #putBehind(request: Request, latest: StoredRecord): Promise<Appended | undefined> {
    const { drafts, options } = request;
    if (options.key || drafts.length === 0 || refusalOf(latest, request)) return undefined;
    return this.#put(request, latest, undefined);
  }

  async #attempt(request: Request): Promise<Appended> {
    const { channel, drafts, options } = request;
    const last = await this.#store.last(channel);
    const key = options.key && keyOf(channel, last.epoch, options.key);
    const remembered = key && (await this.#keys.recall(key.id));
    if (remembered && (await this.#stands(channel, remembered, last))) return replay(remembered, key.digest);
    const refusal = refusalOf(last, request);
    if (refusal) return this.#refused(refusal, request, last, key);
    const { close = false } = options;
    if (drafts.length > 0 || (close && !last.closed)) return this.#put(request, last, key);
    const answer = answerOf(last, 0, key);
    if (key) await this.#keys.remember(key.id, answer);
    return appended(answer, false);
  }

  /** Whether a remembered answer is still valid: the channel may have fallen back to an earlier state. */
  async #stands(channel: string, { number, tag }: Remembered, last: StoredRecord): Promise<boolean> {
    if (number > last.number) return false;
    if (number < floorOf(last).oldest.number) return true;
    const record = number === last.number ? last : await this.#store.at(channel, number);
    return record !== undefined && tagAfter(record) === tag;
  }

  async #put(
    { channel, drafts, options }: Request,
    last: StoredRecord,
    key: AppendKey | undefined,
  ): Promise<Appended> {
    const head = await this.#headOf(channel, drafts, options.close ?? false, last, key);
    const body = encodeBody(drafts);
    const put = await this.#putOnce(channel, head, body, last, key);
    if (put.known) return this.#replayStored(put.known, key);
    const stored: StoredRecord = { ...head, number: put.number, timeMs: 0, body: NOTHING };
    // A record with the oldest message needs its storage time, which only NATS knows.
    if (head.oldest) this.#latest.set(channel, stored);
    const answer = answerOf(stored, drafts.length, key);
    if (key) await this.#keys.remember(key.id, answer);
    if (Math.trunc(head.floor / PURGE_EVERY) > Math.trunc(last.floor / PURGE_EVERY))
      await this.#store.purge(channel, head.oldest?.number ?? put.number);
    return appended(answer, false);
  }

  /** Put a record. If NATS knows its id, return the earlier record; if that was lost since, put it again. */
  async #putOnce(
    channel: string,
    head: RecordHead,
    body: Uint8Array,
    last: StoredRecord,
    key: AppendKey | undefined,
    after: number = expectedAt(last),
  ): Promise<{ readonly number: number; readonly known?: StoredRecord }> {
    for (let id = key?.id; ; ) {
      const { number, duplicate }: Put = await this.#store.put(channel, head, body, {
        after,
        ...(id !== undefined && { id }),
      });
      if (!duplicate) return { number };
      const known = await this.#store.at(channel, number);
      if (known?.epoch === head.epoch) return { number, known };
      id = `${key?.id}.${number}`;
    }
  }

  /**
   * Check for a record of this append whose node died before it stored the key. @throws the refusal otherwise
   */
  async #refused(
    refusal: ProtocolError,
    { channel }: Request,
    last: StoredRecord,
    key: AppendKey | undefined,
  ): Promise<Appended> {
    if (key === undefined) throw refusal;
    try {
      const { known } = await this.#putOnce(channel, last, NOTHING, last, key, NEVER);
      if (known) return await this.#replayStored(known, key);
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
    throw refusal;
  }

  async #replayStored(known: StoredRecord, key: AppendKey | undefined): Promise<Appended> {
    const digest = known.digest ?? "";
    const answer = { ...answerOf(known, known.count, undefined), digest };
    if (key) await this.#keys.remember(key.id, answer);
    return replay(answer, key?.digest ?? "");
  }

  async #headOf(
    channel: string,
    drafts: readonly RawDraft[],
    close: boolean,
    last: StoredRecord,
    key: AppendKey | undefined,
  ): Promise<RecordHead> {
    const bytes = drafts.reduce((sum, draft) => sum + sizeOf(draft), 0);
    const before = endAfter(last);
    const end = { seq: before.seq + drafts.length, bytes: before.bytes + bytes };
    const next = (number: number): Promise<StoredRecord | undefined> => this.#store.next(channel, number);
    const floor = await raiseFloor(floorOf(last), end, this.#retention, this.#clock.now(), next);
    return {
      ...{
        epoch: last.epoch,
        base: before.seq,
        count: drafts.length,
        tag: newTag(),
        prevTag: tagAfter(last),
      },
      ...{ baseBytes: before.bytes, bytes, floor: floor.seq, floorBytes: floor.bytes },
      ...(last.number > 0 && floor.seq < before.seq && { oldest: floor.oldest }),
      closed: last.closed || close,
      ...(key && { digest: key.digest }),
    };
  }
}

function refusalOf(last: StoredRecord, { drafts, options }: Request): ProtocolError | undefined {
  const end = cursorAfter(last);
  if (last.closed && drafts.length > 0) return closedError(end);
  return options.after !== undefined && options.after !== end ? notAtEndError(end) : undefined;
}

function answerOf(last: StoredRecord, count: number, key: AppendKey | undefined): Remembered {
  const { number, epoch, closed } = last;
  const tag = tagAfter(last);
  const { seq } = endAfter(last);
  return { digest: key?.digest ?? "", number, epoch, seq, tag, count, closed };
}

function replay(remembered: Remembered, digest: string): Appended {
  if (remembered.digest !== digest) throw keyReusedError();
  return appended(remembered, true);
}

function appended({ epoch, seq, tag, count, closed }: Remembered, replayed: boolean): Appended {
  const cursors = Array.from({ length: count }, (_, i) =>
    formatLogCursor({ epoch, seq: seq - count + 1 + i, tag }),
  );
  return { cursors, cursor: formatLogCursor({ epoch, seq, tag }), closed, replayed };
}
