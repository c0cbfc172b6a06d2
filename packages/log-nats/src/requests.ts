import {
  AckPolicy,
  type ConsumerMessages,
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
  type JetStreamPublishOptions,
  type JsMsg,
  type PubAck,
  type PurgeResponse,
  type StoredMsg,
  type StreamInfo,
} from "@nats-io/jetstream";
import { isOfDelivery } from "./failures.ts";
import type { Step } from "./step.ts";

/** The stream of a log, and how it may be asked. */
export interface StreamAccess {
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly stream: string;
  /** Messages may be asked for as they are, of any server that has a copy: so of streams with a single one. */
  readonly isDirect: () => boolean;
  /** How long an answer is waited for, in milliseconds. */
  readonly answerMs: number;
}

/** The message of a stream that is the last one of a subject, or the first one of it from a number on. */
export type Query =
  | { readonly last_by_subj: string }
  | { readonly seq: number; readonly next_by_subj: string };

export type Found = Pick<StoredMsg, "seq" | "header" | "data" | "time">;

/** Messages of a subject from a number on, at most so many. */
export interface Delivery {
  readonly subject: string;
  readonly from: number;
  readonly most: number;
}

/** Drop the messages of a subject before a number. There is no purge without a bound: it may arrive late. */
export interface Purge {
  readonly subject: string;
  readonly before: number;
}

const NANOS_PER_MS = 1_000_000;
/** The least that the client takes, in milliseconds. */
const LEAST_FETCH_MS = 1_000;

/** What a stream is asked for. With a step, nothing is asked after the step has ended. */
export class Requests {
  readonly #access: StreamAccess;
  readonly #step: Step | undefined;

  constructor(access: StreamAccess, step?: Step) {
    this.#access = access;
    this.#step = step;
  }

  /** The same requests, as long as a step goes on. */
  during(step: Step): Requests {
    return new Requests(this.#access, step);
  }

  /**
   * A message, `null` where the stream has none. Asked for as it is where that is allowed: else it comes as base64 in
   * JSON, which costs several times as much. A direct answer may be that of a mirror which lags: only the leader can
   * say that there is no such message.
   */
  async find(query: Query): Promise<Found | null> {
    const { manager, stream, isDirect } = this.#access;
    if (!isDirect()) return this.findAtLeader(query);
    this.#step?.assertLive();
    return (await manager.direct.getMessage(stream, query)) ?? this.findAtLeader(query);
  }

  /** A message as the stream's leader has it, `null` where the leader answered that there is none. */
  async findAtLeader(query: Query): Promise<StoredMsg | null> {
    const { manager, stream } = this.#access;
    this.#step?.assertLive();
    return manager.streams.getMessage(stream, query);
  }

  async publish(
    subject: string,
    body?: Uint8Array | string,
    options?: Partial<JetStreamPublishOptions>,
  ): Promise<PubAck> {
    this.#step?.assertLive();
    return this.#access.client.publish(subject, body, options);
  }

  async purge({ subject, before }: Purge): Promise<PurgeResponse> {
    const { manager, stream } = this.#access;
    this.#step?.assertLive();
    return manager.streams.purge(stream, { filter: subject, seq: before });
  }

  async info(subjects?: string): Promise<StreamInfo> {
    const { manager, stream } = this.#access;
    this.#step?.assertLive();
    return manager.streams.info(stream, subjects === undefined ? undefined : { subjects_filter: subjects });
  }

  /**
   * Deliver messages to `take`, until that answers `false`. A link that was lost meanwhile leaves holes, and ends it
   * before the end: what was delivered says nothing about what was not.
   */
  async deliver({ subject, from, most }: Delivery, take: (message: JsMsg) => boolean): Promise<void> {
    const { client, manager, stream, answerMs } = this.#access;
    const fetchMs = Math.max(LEAST_FETCH_MS, answerMs);
    this.#step?.assertLive();
    const made = await manager.consumers.add(stream, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: from,
      filter_subject: subject,
      mem_storage: true,
      num_replicas: 1,
      inactive_threshold: fetchMs * NANOS_PER_MS,
    });
    const consumer = client.consumers.getConsumerFromInfo(made);
    try {
      this.#step?.assertLive();
      const messages = await consumer.fetch({ max_messages: most, expires: fetchMs });
      await this.#takeAll(messages, take);
    } finally {
      // Background work: nobody waits for it, and one that could not be deleted passes with its inactivity.
      consumer.delete().catch(() => undefined);
    }
  }

  async #takeAll(messages: ConsumerMessages, take: (message: JsMsg) => boolean): Promise<void> {
    // Without this the client would wait for messages until the link is back.
    const release = this.#step?.onEnd(() => messages.stop());
    try {
      for await (const message of messages) if (!take(message)) return;
    } catch (error) {
      // It ended before its end, as it may: the caller asks for the rest in another way, and is told what goes wrong there.
      if (!isOfDelivery(error)) throw error;
    } finally {
      release?.();
    }
  }
}
