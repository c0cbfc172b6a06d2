import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "@tidemark/log";
import { type Cursor, ProtocolError, type RawDraft } from "@tidemark/protocol";

/** The most that one append holds; NATS, for example, limits messages to 1 MiB. */
const BATCH = { messages: 500, characters: 256 * 1_024 };

/** The shortest and longest pause before an append is repeated, in milliseconds. */
const RETRY_MS = { first: 50, longest: 2_000 };

/** Someone else has ended the run: it was cancelled, or declared lost. */
export class FencedError extends Error {
  override readonly name = "FencedError";
}

/**
 * The only writer of a run. Blocks that arrive in one turn of the event loop, or during an append, are appended
 * together. Each append names the message before it, so it is stored once, however often it is repeated, and never after
 * the run was ended by someone else.
 */
export class RunWriter {
  readonly #log: Log;
  readonly #channel: string;
  readonly #graceMs: number;
  #end: Cursor;
  #waiting: RawDraft[] = [];
  #characters = 0;
  #flushing: Promise<void> | undefined;
  #failure: unknown;
  /** Called once, when an append has failed for good. */
  onFailure: (error: unknown) => void = () => undefined;

  /** `end`: the present end of the run. `graceMs`: how long to repeat an append while the log is unavailable. */
  constructor(log: Log, channel: string, end: Cursor, graceMs: number) {
    this.#log = log;
    this.#channel = channel;
    this.#end = end;
    this.#graceMs = graceMs;
  }

  /** How many characters wait to be stored. */
  get waiting(): number {
    return this.#characters;
  }

  /** Store drafts, soon. */
  push(drafts: readonly RawDraft[]): void {
    if (this.#failure !== undefined) return;
    for (const draft of drafts) {
      this.#waiting.push(draft);
      this.#characters += draft.json.length;
    }
    if (this.#flushing !== undefined) return;
    this.#flushing = new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#flush());
  }

  /** Resolves when everything is stored. @throws FencedError, and ProtocolError if the log fails */
  async settled(): Promise<void> {
    await this.#flushing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Store the last message, and close the run; without the message, if there is no room. Rejects if it is not closed. */
  async close(draft: RawDraft): Promise<void> {
    await this.#flushing;
    if (this.#failure instanceof FencedError) throw this.#failure;
    try {
      await this.#append([draft], true);
    } catch (error) {
      if (error instanceof FencedError) throw error;
      await this.#append([], true);
    }
  }

  async #flush(): Promise<void> {
    try {
      while (this.#waiting.length > 0) await this.#append(this.#takeBatch(), false);
    } catch (error) {
      this.#failure = error;
      this.#waiting = [];
      this.onFailure(error);
    }
    this.#flushing = undefined;
  }

  #takeBatch(): RawDraft[] {
    let [count, characters] = [0, 0];
    for (const { json } of this.#waiting) {
      if (count > 0 && (count === BATCH.messages || characters + json.length > BATCH.characters)) break;
      count += 1;
      characters += json.length;
    }
    this.#characters -= characters;
    return this.#waiting.splice(0, count);
  }

  async #append(drafts: RawDraft[], close: boolean): Promise<void> {
    const deadline = performance.now() + this.#graceMs;
    for (let pauseMs = RETRY_MS.first; ; pauseMs = Math.min(2 * pauseMs, RETRY_MS.longest)) {
      try {
        this.#end = (await this.#log.append(this.#channel, drafts, { after: this.#end, close })).cursor;
        return;
      } catch (error) {
        const code = error instanceof ProtocolError ? error.code : undefined;
        if (code === "closed" || code === "not-at-end") return await this.#adopt(drafts, error);
        if (code !== "unavailable" || performance.now() > deadline) throw error;
        await sleep(pauseMs);
      }
    }
  }

  /** The run is not where this writer left it: either an append was stored and its answer lost, or it was ended. */
  async #adopt(drafts: readonly RawDraft[], refused: unknown): Promise<void> {
    const page = await this.#log
      .read(this.#channel, this.#end, { maxMessages: drafts.length + 1 })
      .catch((cause) => {
        if (cause instanceof ProtocolError && cause.code === "gap")
          throw new FencedError("The log lost messages", { cause });
        throw cause;
      });
    const isOurs = (draft: RawDraft, at: number): boolean =>
      page.messages[at]?.json === draft.json && page.messages[at]?.event === draft.event;
    if (page.messages.length !== drafts.length || !drafts.every(isOurs))
      throw new FencedError("The run was ended by someone else", { cause: refused });
    this.#end = page.cursor;
  }
}
