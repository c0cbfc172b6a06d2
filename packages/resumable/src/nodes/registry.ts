import type { Log } from "@tidemark/log";
import type { Names } from "./names.ts";

/** How many periods that should be gone are looked at again, in case no process was running then. */
const LOOK_BACK = 48;

/** The least length of a period, in milliseconds. */
const MIN_PERIOD_MS = 60_000;

/** Most entries that are read at once. */
const PAGE = 500;

/**
 * Lists the channels of the runs by the period in which they were started, so that any process can remove them when
 * their time is over, even if the process that started them has died.
 */
export class Registry {
  readonly #log: Log;
  readonly #names: Names;
  readonly #lifeMs: number;
  readonly #periodMs: number;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  /** `lifeMs`: the longest time from the start of a run until it may be removed. */
  constructor(log: Log, names: Names, lifeMs: number, onError: (error: unknown) => void) {
    this.#log = log;
    this.#names = names;
    this.#lifeMs = lifeMs;
    this.#periodMs = Math.max(MIN_PERIOD_MS, lifeMs / 8);
    this.#onError = onError;
  }

  /** Note the channels of a new run. */
  async add(channels: readonly string[]): Promise<void> {
    this.#timer ??= setInterval(() => this.sweep().catch(this.#onError), this.#periodMs).unref();
    await this.#log.append(this.#names.period(this.#present()), [{ json: JSON.stringify(channels) }]);
  }

  /** Remove all channels whose time is over. Returns how many there were. */
  async sweep(): Promise<number> {
    const newest = Math.floor((Date.now() - this.#lifeMs) / this.#periodMs) - 1;
    let removed = 0;
    for (let period = newest; period > newest - LOOK_BACK; period -= 1) removed += await this.#remove(period);
    return removed;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #present(): number {
    return Math.floor(Date.now() / this.#periodMs);
  }

  async #remove(period: number): Promise<number> {
    const channel = this.#names.period(period);
    let page = await this.#log.read(channel, "start", { maxMessages: PAGE });
    if (page.messages.length === 0) return 0;
    let removed = 0;
    for (;;) {
      for (const { json } of page.messages)
        for (const listed of JSON.parse(json) as string[]) removed += Number(await this.#log.remove(listed));
      if (!page.more) break;
      page = await this.#log.read(channel, page.cursor, { maxMessages: PAGE });
    }
    await this.#log.remove(channel);
    return removed;
  }
}
