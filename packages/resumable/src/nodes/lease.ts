import type { Log } from "@tidemark/log";
import type { Names } from "./names.ts";

/** How often a process shows that it is alive, as a part of the heartbeat. */
const BEAT_PART = 0.2;

/** After this many beats their channel is removed and begun again, so that it stays small. Readers see a change too. */
const MAX_BEATS = 500;

/** Shows other processes that this one is alive, while it has runs. */
export class Lease {
  readonly #log: Log;
  readonly #channel: string;
  readonly #periodMs: number;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #beats = 0;
  #beating: Promise<void> | undefined;

  constructor(log: Log, names: Names, node: string, heartbeatMs: number, onError: (error: unknown) => void) {
    this.#log = log;
    this.#channel = names.beats(node);
    this.#periodMs = heartbeatMs * BEAT_PART;
    this.#onError = onError;
  }

  /** Beat from now on. */
  hold(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#beat(), this.#periodMs).unref();
    this.#beat();
  }

  /** Stop: this process has no runs. */
  release(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Stop, and leave nothing in the log. */
  async end(): Promise<void> {
    this.release();
    await this.#beating;
    if (this.#beats > 0) await this.#log.remove(this.#channel);
  }

  /** One beat at a time: while the log does not answer, no others pile up. */
  #beat(): void {
    this.#beating ??= this.#append()
      .then(undefined, this.#onError)
      .then(() => {
        this.#beating = undefined;
      });
  }

  async #append(): Promise<void> {
    if (this.#beats > 0 && this.#beats % MAX_BEATS === 0) await this.#log.remove(this.#channel);
    this.#beats += 1;
    await this.#log.append(this.#channel, [{ json: String(this.#beats) }]);
  }
}
