import { subscribe } from "@tidemark/client";
import { ConnectionError } from "@tidemark/client-core";

/** Reads a channel of the numbers from 0 on, and starts a new session when its own has ended. */
export class OutageReader {
  /** The number that it expects next. */
  next = 0;
  /** How many messages were not the expected number. */
  astray = 0;
  error: unknown;
  /** How often its connection ended although its session was valid, and it had not given the connection up. */
  ended = 0;
  /** How often it gave a connection up because nothing came for two heartbeats: a process had to wait for the CPU. */
  silences = 0;
  readonly #name: string;
  readonly #subscription: ReturnType<typeof subscribe<number>>;
  #sessions = 1;
  #isRevoked = false;
  #isLive = false;
  #failure: Error | undefined;

  constructor(url: string, name: string, mechanism: "sse" | "long-polling") {
    this.#name = name;
    this.#subscription = subscribe<number>(url, {
      mechanism,
      headers: ({ unauthorized }) => {
        // Called again with `unauthorized` if the first request of the new session fails on its way.
        if (unauthorized) this.#renew();
        return { "X-Session": this.session };
      },
      onRetry: ({ error }) => {
        this.#failure = error;
      },
      onState: ({ phase }) => {
        if (this.#isLive && phase === "waiting" && mechanism === "sse") this.#countEnd();
        this.#isLive = phase === "live";
        this.#failure = undefined;
      },
    });
    this.#read().catch((error) => {
      this.error = error;
    });
  }

  get session(): string {
    return `${this.#name}.${this.#sessions}`;
  }

  /** Whether it receives with a session that has not been revoked. */
  get isBack(): boolean {
    return this.#isLive && !this.#isRevoked;
  }

  /** What it is doing, for a failure's text. */
  get state(): string {
    const { ended, silences, error, next } = this;
    const session = `session ${this.session}${this.#isRevoked ? " (revoked)" : ""}`;
    return `${session}, ${this.#isLive ? "live" : "not live"}, ${JSON.stringify({ next, ended, silences, error: error && String(error) })}`;
  }

  /** The server is about to end the present session. */
  expectEnd(): void {
    this.#isRevoked = true;
  }

  async close(): Promise<void> {
    await this.#subscription.return();
  }

  #renew(): void {
    this.#sessions += 1;
    this.#isRevoked = false;
  }

  #countEnd(): void {
    if (this.#failure instanceof ConnectionError && this.#failure.failure === "timeout") this.silences += 1;
    else if (!this.#isRevoked) this.ended += 1;
  }

  async #read(): Promise<void> {
    for await (const { data } of this.#subscription) {
      if (data !== this.next) this.astray += 1;
      this.next = data + 1;
    }
  }
}
