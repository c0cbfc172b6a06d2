import type { Log, Unwatch } from "@tidemark/log";
import type { Position } from "@tidemark/protocol";
import type { Names } from "./names.ts";

/** What one process tells another. It may be lost: what matters is in the run's own channel, or is told again. */
export interface Note {
  readonly about: "cancelled" | "read";
  readonly runs: readonly string[];
}

/** After this many notes their channel is removed, so that it stays small. */
const MAX_NOTES = 1_000;

/** Receives the notes for this process. */
export class Inbox {
  readonly #log: Log;
  readonly #channel: string;
  readonly #receive: (note: Note) => void;
  readonly #onError: (error: unknown) => void;
  #opening: Promise<Unwatch> | undefined;
  #from: Position = "start";
  #read = 0;
  #reading: Promise<void> | undefined;
  #again = false;

  constructor(
    log: Log,
    names: Names,
    node: string,
    receive: (note: Note) => void,
    onError: (error: unknown) => void,
  ) {
    this.#log = log;
    this.#channel = names.inbox(node);
    this.#receive = receive;
    this.#onError = onError;
  }

  /** Receive from now on. Idempotent. */
  open(): void {
    this.#opening ??= this.#log.watch(this.#channel, () => this.#wake());
    this.#opening.catch((error) => {
      this.#opening = undefined; // the next run tries again
      this.#onError(error);
    });
  }

  async end(): Promise<void> {
    await (await this.#opening)?.();
    await this.#reading;
    if (this.#read > 0) await this.#log.remove(this.#channel);
  }

  #wake(): void {
    this.#again = true;
    this.#reading ??= this.#readAll()
      .then(undefined, this.#onError)
      .then(() => {
        this.#reading = undefined;
      });
  }

  async #readAll(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      const page = await this.#log.read(this.#channel, this.#from, { maxMessages: 100 });
      for (const { json } of page.messages) this.#receive(JSON.parse(json) as Note);
      this.#read += page.messages.length;
      this.#from = page.cursor;
      this.#again ||= page.more;
      if (this.#read < MAX_NOTES || page.more) continue;
      this.#read = 0;
      this.#from = "start";
      await this.#log.remove(this.#channel);
    }
  }
}

/** Tell a process something. */
export async function tell(log: Log, names: Names, node: string, note: Note): Promise<void> {
  await log.append(names.inbox(node), [{ json: JSON.stringify(note) }]);
}
