import type { Names } from "./names.ts";
import type { Requests } from "./requests.ts";
import type { Step } from "./step.ts";

/** The answer to an append with an idempotency key. */
export interface Remembered {
  readonly digest: string;
  /** The channel's last record after that append: its own, or the present last one if it changed nothing. */
  readonly number: number;
  readonly epoch: string;
  /** The end after that append, and the number of messages that it stored. */
  readonly seq: number;
  readonly tag: string;
  readonly count: number;
  readonly closed: boolean;
}

/** Answers to idempotency keys, in a separate stream whose messages expire. */
export class KeyStore {
  readonly #requests: Requests;
  readonly #names: Names;

  constructor(requests: Requests, names: Names) {
    this.#requests = requests;
    this.#names = names;
  }

  /** This store for one call of the log. */
  during(step: Step): KeyStore {
    return new KeyStore(this.#requests.during(step), this.#names);
  }

  async recall(id: string): Promise<Remembered | undefined> {
    const found = await this.#requests.findAtLeader({ last_by_subj: this.#names.key(id) });
    return found?.json<Remembered>();
  }

  async remember(id: string, answer: Remembered): Promise<void> {
    await this.#requests.publish(this.#names.key(id), JSON.stringify(answer));
  }
}
