import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import type { JsMsg } from "@nats-io/jetstream";
import { headers } from "@nats-io/transport-node";
import { newEpoch, newTag } from "@tidemark/log";
import { isConflict, isFull, unavailable } from "./failures.ts";
import type { Names } from "./names.ts";
import { expectedAt, HEADER, parseHead, type RecordHead, type StoredRecord } from "./record.ts";
import type { Found, Requests } from "./requests.ts";
import type { Step } from "./step.ts";

/** The stream's answer to a put. */
export interface Put {
  readonly number: number;
  /** `number` is that of an earlier record with the same id; nothing was stored. */
  readonly duplicate: boolean;
}

/** Options of a put. */
export interface PutOptions {
  /** The expected number of the channel's last record, 0 for none. The put fails if it differs. */
  readonly after: number;
  /** Only one of two records with the same id is stored. */
  readonly id?: string;
}

const NANOS_PER_MS = 1_000_000;
const EPOCH_CHARS = 12;
const TAG_CHARS = 8;

/** The attempts to read a channel that others change meanwhile. */
const ATTEMPTS = 10;

const NOTHING = new Uint8Array();

/** The records of channels in their stream. Only the stream's leader is trusted about absence. */
export class Store {
  readonly #requests: Requests;
  readonly #names: Names;

  constructor(requests: Requests, names: Names) {
    this.#requests = requests;
    this.#names = names;
  }

  /** This store for one call of the log. */
  during(step: Step): Store {
    return new Store(this.#requests.during(step), this.#names);
  }

  /** The last record of a channel. For an unwritten channel, its beginning, which is not a stored record. */
  async last(channel: string): Promise<StoredRecord> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const found = await this.#lastOn(this.#names.channel(channel));
      if (found) return recordOf(found);
      const [seed, written] = await Promise.all([this.#seed(), this.#lastOn(this.#names.written(channel))]);
      const unwritten = beginning(channel, seed);
      if (!written) return unwritten;
      const hidden = await this.#hiddenLast(channel);
      if (hidden) return hidden;
      await this.declareLost(channel, unwritten);
    }
    throw unavailable("The channel changes faster than it can be read");
  }

  /** The record with this number, if it belongs to the channel. */
  async at(channel: string, number: number): Promise<StoredRecord | undefined> {
    const record = await this.next(channel, number);
    return record?.number === number ? record : undefined;
  }

  /** The record with this number, or the next one of the channel. */
  async next(channel: string, number: number): Promise<StoredRecord | undefined> {
    const found = await this.#requests.find(this.#nextQuery(channel, number));
    return found ? recordOf(found) : undefined;
  }

  /** The same, at the stream's leader. */
  async nextAtLeader(channel: string, number: number): Promise<StoredRecord | undefined> {
    const found = await this.#requests.findAtLeader(this.#nextQuery(channel, number));
    return found ? recordOf(found) : undefined;
  }

  /**
   * Pass the channel's records from this number on, at most `most`, up to the present last one, to `take`
   * until it returns `false`. Records can be skipped, duplicated, or missing at the end: see
   * `Requests.deliver`.
   */
  async following(
    channel: string,
    number: number,
    most: number,
    take: (record: StoredRecord) => boolean,
  ): Promise<void> {
    const subject = this.#names.channel(channel);
    await this.#requests.deliver({ subject, from: number, most }, (message) => {
      const { timestampNanos, pending } = message.info;
      return take(recordOfDelivered(message, timestampNanos)) && pending > 0;
    });
  }

  /**
   * Begin a new epoch, after the engine has confirmed that records of this one are gone. `last` is the
   * channel's last record. Nothing is deleted; the rest of the old epoch stays in the stream until retention
   * drops it. Returns `false` if another record was put after `last` meanwhile.
   */
  async declareLost(channel: string, last: StoredRecord): Promise<boolean> {
    try {
      return (await this.#beginEpoch(channel, expectedAt(last))) !== undefined;
    } catch (error) {
      if (!isFull(error)) throw error;
      throw unavailable(
        "Records of this channel are lost, and the stream is too full to begin a new epoch",
        error,
      );
    }
  }

  /**
   * Remove a channel: put a record of a new epoch after the last one, and drop everything before it. The
   * record stays, so that no earlier cursor becomes valid again. Returns `false` like {@link declareLost}.
   */
  async remove(channel: string, last: StoredRecord): Promise<boolean> {
    const number = await this.#beginEpoch(channel, expectedAt(last)).catch(async (error: unknown) => {
      if (!isFull(error) || last.number === 0) throw error;
      // The stream is full, so purge first to free space. If the record then fails, the channel is still
      // marked as written.
      await this.purge(channel, last.number + 1);
      return this.#beginEpoch(channel, 0);
    });
    if (number === undefined) return false;
    await this.purge(channel, number);
    return true;
  }

  /**
   * Put a record after the channel's last one. @throws JetStreamApiError, see `isConflict`, if the last one
   * differs
   */
  async put(channel: string, head: RecordHead, body: Uint8Array, { after, id }: PutOptions): Promise<Put> {
    const withHead = headers();
    withHead.set(HEADER, JSON.stringify(head));
    const { seq, duplicate } = await this.#requests.publish(this.#names.channel(channel), body, {
      headers: withHead,
      expect: { lastSubjectSequence: after },
      ...(id !== undefined && { msgID: id }),
    });
    // Mark the channel as written, so that it does not restart at its unwritten start if its records are
    // purged by hand.
    if (after === 0 && !duplicate) await this.#requests.publish(this.#names.written(channel));
    return { number: seq, duplicate };
  }

  /** The names of the channels that have records, including removed ones. */
  async channels(): Promise<string[]> {
    const { state } = await this.#requests.info(this.#names.channels);
    return Object.keys(state.subjects ?? {}).map((subject) => this.#names.nameOf(subject));
  }

  /**
   * Drop the channel's records before this number. Only for records that retention or a removal has dropped.
   */
  async purge(channel: string, number: number): Promise<void> {
    await this.#requests.purge({ subject: this.#names.channel(channel), before: number });
  }

  /**
   * The last record of a channel whose newest records were deleted by hand. NATS 2.9 finds no last message of
   * such a subject, although it has earlier ones, and accepts the next record as if there were none: see
   * `expected`.
   */
  async #hiddenLast(channel: string): Promise<StoredRecord | undefined> {
    let last = await this.nextAtLeader(channel, 1);
    if (last === undefined) return undefined;
    let high = (await this.#requests.info()).state.last_seq;
    while (last.number < high) {
      const middle: number = Math.ceil((last.number + 1 + high) / 2);
      const found = await this.nextAtLeader(channel, middle);
      if (found) last = found;
      else high = middle - 1;
    }
    return { ...last, expected: 0 };
  }

  /**
   * Begin a new epoch. Returns the number of its record; `undefined` if `after` is no longer the last one.
   */
  async #beginEpoch(channel: string, after: number): Promise<number | undefined> {
    const epoch = { epoch: newEpoch(), tag: newTag(), prevTag: `${newTag()}0`, closed: false };
    const nothing = { base: 0, count: 0, baseBytes: 0, bytes: 0, floor: 0, floorBytes: 0 };
    try {
      return (await this.put(channel, { ...epoch, ...nothing }, NOTHING, { after })).number;
    } catch (error) {
      if (!isConflict(error)) throw error;
      return undefined;
    }
  }

  #nextQuery(channel: string, number: number) {
    return { seq: Math.max(1, number), next_by_subj: this.#names.channel(channel) };
  }

  #lastOn(subject: string): Promise<Found | null> {
    return this.#requests.find({ last_by_subj: subject });
  }

  /**
   * The seed for the start positions of unwritten channels. It is stored in the stream, so it is lost with
   * it.
   */
  async #seed(): Promise<string> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const found = await this.#lastOn(this.#names.seed);
      if (found) return Buffer.from(found.data).toString();
      try {
        const expect = { lastSubjectSequence: 0 };
        await this.#requests.publish(this.#names.seed, randomBytes(24).toString("base64url"), { expect });
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
    }
    throw unavailable("NATS rejects the seed as already present, but reports that there is none");
  }
}

/**
 * The beginning of an unwritten channel, derived from its name and the seed, so that nothing is stored for
 * it.
 */
function beginning(channel: string, seed: string): StoredRecord {
  const hash = createHash("sha256").update(`${seed}.${channel}`).digest("base64url");
  const tag = hash.slice(EPOCH_CHARS, EPOCH_CHARS + TAG_CHARS);
  return {
    ...{ epoch: hash.slice(0, EPOCH_CHARS), tag, prevTag: `${tag}0`, closed: false },
    ...{ base: 0, count: 0, baseBytes: 0, bytes: 0, floor: 0, floorBytes: 0 },
    ...{ number: 0, timeMs: 0, body: NOTHING },
  };
}

function recordOf({ seq, header, data, time }: Found): StoredRecord {
  return { ...parseHead(header.get(HEADER)), number: seq, timeMs: time.getTime(), body: data };
}

function recordOfDelivered({ seq, headers: header, data }: JsMsg, timestampNanos: number): StoredRecord {
  const timeMs = timestampNanos / NANOS_PER_MS;
  return { ...parseHead(header?.get(HEADER) ?? ""), number: seq, timeMs, body: data };
}
