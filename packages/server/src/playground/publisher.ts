import type { Log } from "@tidemark/log";

/** How often the publisher checks whether a message is due, in milliseconds. */
const TICK_MS = 10;

/** The most messages that one tick publishes, so that a process that slept does not publish a flood. */
const MAX_AT_ONCE = 20;

/** Publishes numbered messages with the time of their append. */
export class Publisher {
  readonly #log: Log;
  readonly #channel: string;
  readonly #onError: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  #rate: number;
  #due = 0;
  #lastAt = performance.now();
  #published = 0;

  constructor(log: Log, channel: string, rate: number, onError: (error: unknown) => void) {
    this.#log = log;
    this.#channel = channel;
    this.#rate = rate;
    this.#onError = onError;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** The number of messages so far; the last one has this number. */
  get published(): number {
    return this.#published;
  }

  /** Set the messages per second; 0 pauses. */
  set rate(rate: number) {
    this.#rate = rate;
    this.#due = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    this.#due = Math.min(this.#due + ((now - this.#lastAt) * this.#rate) / 1_000, MAX_AT_ONCE);
    this.#lastAt = now;
    for (; this.#due >= 1; this.#due -= 1) this.#publish();
  }

  #publish(): void {
    this.#published += 1;
    const json = JSON.stringify({ n: this.#published, at: Date.now() });
    this.#log.append(this.#channel, [{ json }]).catch(this.#onError);
  }
}
