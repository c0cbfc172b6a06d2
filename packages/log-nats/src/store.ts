import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import {
  AckPolicy,
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  type StoredMsg,
} from "@nats-io/jetstream";
import { headers } from "@nats-io/transport-node";
import { newEpoch, newTag } from "@tidemark/log";
import { isConflict, isFull } from "./failures.ts";
import type { Names } from "./names.ts";
import { HEADER, parseHead, type RecordHead, type StoredRecord } from "./record.ts";

/** What the stream answers to a record that was put. */
export interface Put {
  readonly number: number;
  /** It is the number of an earlier one with the same id; nothing was stored. */
  readonly duplicate: boolean;
}

/** What a record is put with. */
export interface PutOptions {
  /** The number of the channel's last record, 0 for none: it is stored only if this is so. */
  readonly after: number;
  /** Of two records with the same id one is stored. */
  readonly id?: string;
}

const NANOS_PER_MS = 1_000_000;
const FETCH_MS = 5_000;
const EPOCH_CHARS = 12;
const TAG_CHARS = 8;

const NOTHING = new Uint8Array();

/** The message of a stream that is the last one of a subject, or the first one of it from a number on. */
type Query = { readonly last_by_subj: string } | { readonly seq: number; readonly next_by_subj: string };

type Found = Pick<StoredMsg, "seq" | "header" | "data" | "time">;

/** The records of channels in their stream. Everything is asked of the stream's leader. */
export class Store {
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #names: Names;
  readonly #isDirect: boolean;

  /** `isDirect` has messages asked for as they are, of whichever server has a copy: for streams with a single one. */
  constructor(client: JetStreamClient, manager: JetStreamManager, names: Names, isDirect: boolean) {
    this.#client = client;
    this.#manager = manager;
    this.#names = names;
    this.#isDirect = isDirect;
  }

  /** The last record of a channel; of one that was never written, its beginning, which is no record. */
  async last(channel: string): Promise<StoredRecord> {
    for (;;) {
      const found = await this.#lastOn(this.#names.channel(channel));
      if (found) return recordOf(found);
      const [seed, written] = await Promise.all([this.#seed(), this.#lastOn(this.#names.written(channel))]);
      const unwritten = beginning(channel, seed);
      if (!written) return unwritten;
      await this.beginAnew(channel, unwritten);
    }
  }

  /** The record with this number, if it is the channel's. */
  async at(channel: string, number: number): Promise<StoredRecord | undefined> {
    const record = await this.next(channel, number);
    return record?.number === number ? record : undefined;
  }

  /** The record with this number, or the next one of the channel. */
  async next(channel: string, number: number): Promise<StoredRecord | undefined> {
    const query = { seq: Math.max(1, number), next_by_subj: this.#names.channel(channel) };
    const found = await this.#find(query);
    return found ? recordOf(found) : undefined;
  }

  /**
   * The channel's records from this number on, at most so many, up to the present last one: each is given to `take`,
   * until that answers `false`.
   */
  async following(
    channel: string,
    number: number,
    most: number,
    take: (record: StoredRecord) => boolean,
  ): Promise<void> {
    const made = await this.#manager.consumers.add(this.#names.stream, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: number,
      filter_subject: this.#names.channel(channel),
      mem_storage: true,
      num_replicas: 1,
      inactive_threshold: FETCH_MS * NANOS_PER_MS,
    });
    const consumer = this.#client.consumers.getConsumerFromInfo(made);
    try {
      for await (const message of await consumer.fetch({ max_messages: most, expires: FETCH_MS })) {
        const { timestampNanos, pending } = message.info;
        if (!take(recordOfDelivered(message, timestampNanos)) || pending === 0) return;
      }
    } finally {
      // Nobody waits for it: one that could not be deleted passes with its inactivity.
      consumer.delete().catch(() => undefined);
    }
  }

  /**
   * Put a record of another epoch behind the last one; it stays, so that no cursor of before is good again. Answers
   * whether it did: `false` where something else was put there meanwhile.
   */
  async beginAnew(channel: string, last: StoredRecord): Promise<boolean> {
    const epoch = { epoch: newEpoch(), tag: newTag(), prevTag: `${newTag()}0`, closed: false };
    const nothing = { base: 0, count: 0, baseBytes: 0, bytes: 0, floor: 0, floorBytes: 0 };
    const put = (after: number): Promise<Put> =>
      this.put(channel, { ...epoch, ...nothing }, NOTHING, { after });
    try {
      const { number } = await put(last.number).catch(async (error: unknown) => {
        if (!isFull(error) || last.number === 0) throw error;
        // Room for the record is where it was; should it not come to stand, the channel is known as written.
        await this.purge(channel);
        return put(0);
      });
      await this.purge(channel, number);
      return true;
    } catch (error) {
      if (!isConflict(error)) throw error;
      return false;
    }
  }

  /** Put a record behind the channel's last one. @throws JetStreamApiError that `isConflict` if that is another */
  async put(channel: string, head: RecordHead, body: Uint8Array, { after, id }: PutOptions): Promise<Put> {
    const withHead = headers();
    withHead.set(HEADER, JSON.stringify(head));
    const { seq, duplicate } = await this.#client.publish(this.#names.channel(channel), body, {
      headers: withHead,
      expect: { lastSubjectSequence: after },
      ...(id !== undefined && { msgID: id }),
    });
    // Known from now on as written: whoever purges all its records by hand does not make it begin as before.
    if (after === 0 && !duplicate) await this.#client.publish(this.#names.written(channel));
    return { number: seq, duplicate };
  }

  /** The names of the channels that have records, removed ones among them. */
  async channels(): Promise<string[]> {
    const query = { subjects_filter: this.#names.channels };
    const { state } = await this.#manager.streams.info(this.#names.stream, query);
    return Object.keys(state.subjects ?? {}).map((subject) => this.#names.nameOf(subject));
  }

  /** Drop the channel's records before this number, or all. */
  async purge(channel: string, number?: number): Promise<void> {
    const range = { filter: this.#names.channel(channel), ...(number !== undefined && { seq: number }) };
    await this.#manager.streams.purge(this.#names.stream, range);
  }

  #lastOn(subject: string): Promise<Found | null> {
    return this.#find({ last_by_subj: subject });
  }

  /** As it is where that may be asked for: else it comes as base64 in JSON, which costs several times as much. */
  #find(query: Query): Promise<Found | null> {
    const { direct, streams } = this.#manager;
    return this.#isDirect
      ? direct.getMessage(this.#names.stream, query)
      : streams.getMessage(this.#names.stream, query);
  }

  /** What makes the beginnings of unwritten channels this stream's: it goes with what it holds. */
  async #seed(): Promise<string> {
    for (;;) {
      const found = await this.#lastOn(this.#names.seed);
      if (found) return Buffer.from(found.data).toString();
      try {
        const expect = { lastSubjectSequence: 0 };
        await this.#client.publish(this.#names.seed, randomBytes(24).toString("base64url"), { expect });
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
    }
  }
}

/** Where an unwritten channel begins follows from its name and the seed: nothing is kept for it. */
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
