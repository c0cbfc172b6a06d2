import { subscribe } from "@tidemark/client";

/** Reads a channel of the numbers from 0 on, and starts a new session when its own has ended. */
export class OutageReader {
  /** The number that it expects next. */
  next = 0;
  /** How many messages were not the expected number. */
  astray = 0;
  error: unknown;
  /** How often it started a new session. */
  renewed = 0;
  readonly #name: string;
  readonly #subscription: ReturnType<typeof subscribe<number>>;

  constructor(url: string, name: string, mechanism: "sse" | "long-polling") {
    this.#name = name;
    this.#subscription = subscribe<number>(url, {
      mechanism,
      headers: ({ unauthorized }) => {
        if (unauthorized) this.renewed += 1;
        return { "X-Session": this.session };
      },
    });
    this.#read().catch((error) => {
      this.error = error;
    });
  }

  get session(): string {
    return `${this.#name}.${this.renewed}`;
  }

  async close(): Promise<void> {
    await this.#subscription.return();
  }

  async #read(): Promise<void> {
    for await (const { data } of this.#subscription) {
      if (data !== this.next) this.astray += 1;
      this.next = data + 1;
    }
  }
}
