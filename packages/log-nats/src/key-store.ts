import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import type { Names } from "./names.ts";

/** What an append with an idempotency key was answered. */
export interface Remembered {
  readonly digest: string;
  /** The channel's last record as that append left it: its own, or for one that changed nothing the present one. */
  readonly number: number;
  readonly epoch: string;
  /** The end, and the number of messages that were stored before it. */
  readonly seq: number;
  readonly tag: string;
  readonly count: number;
  readonly closed: boolean;
}

/** Answers to idempotency keys, in a stream of their own whose messages pass with their time. */
export class KeyStore {
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #names: Names;

  constructor(client: JetStreamClient, manager: JetStreamManager, names: Names) {
    this.#client = client;
    this.#manager = manager;
    this.#names = names;
  }

  async recall(id: string): Promise<Remembered | undefined> {
    const query = { last_by_subj: this.#names.key(id) };
    const found = await this.#manager.streams.getMessage(this.#names.keys, query);
    return found?.json<Remembered>();
  }

  async remember(id: string, answer: Remembered): Promise<void> {
    await this.#client.publish(this.#names.key(id), JSON.stringify(answer));
  }
}
