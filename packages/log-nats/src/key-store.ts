import type { Names } from "./names.ts";
import type { Requests } from "./requests.ts";
import type { Step } from "./step.ts";

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
  readonly #requests: Requests;
  readonly #names: Names;

  constructor(requests: Requests, names: Names) {
    this.#requests = requests;
    this.#names = names;
  }

  /** The same answers, for one call of the log. */
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
