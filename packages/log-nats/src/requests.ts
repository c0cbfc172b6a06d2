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

/** The access to one stream of a log. */
export interface StreamAccess {
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly stream: string;
  /**
   * Whether messages may be requested directly from any server with a copy; only for streams with one copy.
   */
  readonly isDirect: () => boolean;
  /** The timeout of an answer, in milliseconds. */
  readonly answerMs: number;
}

/** Selects the last message of a subject, or its first one from a number on. */
export type Query =
  | { readonly last_by_subj: string }
  | { readonly seq: number; readonly next_by_subj: string };

export type Found = Pick<StoredMsg, "seq" | "header" | "data" | "time">;

/** At most `most` messages of a subject, from a number on. */
export interface Delivery {
  readonly subject: string;
  readonly from: number;
  readonly most: number;
}

/** Drop the messages of a subject before a number. Always bounded, because a purge may arrive late. */
export interface Purge {
  readonly subject: string;
  readonly before: number;
}

const NANOS_PER_MS = 1_000_000;
/** The shortest timeout that the client accepts, in milliseconds. */
const LEAST_FETCH_MS = 1_000;

/** Sends requests to a stream. With a step, no request is sent after the step has ended. */
export class Requests {
  readonly #access: StreamAccess;
  readonly #step: Step | undefined;

  constructor(access: StreamAccess, step?: Step) {
    this.#access = access;
    this.#step = step;
  }

  /** The same requests, bound to a step. */
  during(step: Step): Requests {
    return new Requests(this.#access, step);
  }

  /**
   * A message; `null` if the stream has none. Uses a direct request if allowed: otherwise the message comes
   * as base64 in JSON, which costs several times as much. A direct answer may come from a mirror that lags,
   * so only the leader can confirm that a message does not exist.
   */
  async find(query: Query): Promise<Found | null> {
    const { manager, stream, isDirect } = this.#access;
    if (!isDirect()) return this.findAtLeader(query);
    this.#step?.assertLive();
    return (await manager.direct.getMessage(stream, query)) ?? this.findAtLeader(query);
  }

  /** A message at the stream's leader; `null` if the leader answered that there is none. */
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
   * Deliver messages to `take` until it returns `false`. If the connection is lost meanwhile, the delivery
   * can have holes and end early, so a message that was not delivered may still exist.
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
      // In the background. If the deletion fails, NATS deletes the inactive consumer itself.
      consumer.delete().catch(() => undefined);
    }
  }

  async #takeAll(messages: ConsumerMessages, take: (message: JsMsg) => boolean): Promise<void> {
    // Otherwise the client would wait for messages until the connection is back.
    const release = this.#step?.onEnd(() => messages.stop());
    try {
      for await (const message of messages) if (!take(message)) return;
    } catch (error) {
      // The delivery ended early. The caller requests the rest in another way, and gets any error there.
      if (!isOfDelivery(error)) throw error;
    } finally {
      release?.();
    }
  }
}
