/** A reader that is behind the end of its channel. */
export interface ReaderBehind {
  readonly channel: string;
  /** For how long it has been behind, in milliseconds. */
  readonly ms: number;
  /** Messages that came since it fell behind (or since it began to read) and that it has not received. */
  readonly messages: number;
}

/** What counts the messages that a channel has brought. */
interface Counter {
  readonly passed: number;
}

/** One reader that is behind. */
export class Lag {
  readonly #channel: string;
  readonly #counter: Counter;
  readonly #all: Set<Lag>;
  readonly #begin: number;
  readonly #sinceMs = performance.now();
  #received = 0;

  constructor(channel: string, counter: Counter, all: Set<Lag>) {
    all.add(this);
    this.#all = all;
    this.#channel = channel;
    this.#counter = counter;
    this.#begin = counter.passed;
  }

  /** The reader has received messages. */
  count(messages: number): void {
    this.#received += messages;
  }

  /** The reader has caught up, or is gone. */
  end(): void {
    this.#all.delete(this);
  }

  /** A reader that began with history receives messages that were not counted, so the result is at least 0. */
  at(nowMs: number): ReaderBehind {
    return {
      channel: this.#channel,
      ms: nowMs - this.#sinceMs,
      messages: Math.max(0, this.#counter.passed - this.#begin - this.#received),
    };
  }
}

/** The readers of a server that are behind the end of their channels. */
export class ReadersBehind {
  readonly #lags = new Set<Lag>();

  add(channel: string, counter: Counter): Lag {
    return new Lag(channel, counter, this.#lags);
  }

  *all(): Generator<ReaderBehind, void> {
    const nowMs = performance.now();
    for (const lag of this.#lags) yield lag.at(nowMs);
  }
}
