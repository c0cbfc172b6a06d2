import { ProtocolError } from "@tidemark/protocol";
import { BlockSplitter } from "../blocks/split-blocks.ts";
import { encodeBlock } from "../blocks/stored-block.ts";
import { endDraft, RECORD, type RunEnd } from "./records.ts";
import { FencedError, type RunWriter } from "./run-writer.ts";

/** How much may wait for the log before the upstream is read no further, in characters. */
const MAX_WAITING = 1_048_576;

/** The bounds of one run. */
export interface RunLimits {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** Carries a run from its upstream into the log, whoever reads it, up to its end. */
export class Producer {
  readonly #writer: RunWriter;
  readonly #limits: RunLimits;
  readonly #splitter = new BlockSplitter();
  readonly #abort: AbortController;
  readonly #timer: NodeJS.Timeout;
  /** Why the run has to end before its upstream does. */
  #stopped: { readonly how: RunEnd; readonly detail: string } | undefined;
  #failure: unknown;
  /** Ends the wait for the next chunk. */
  #stop: () => void = () => undefined;
  #bytes = 0;

  /** `abort` is aborted when the run ends before its upstream does. */
  constructor(writer: RunWriter, limits: RunLimits, abort: AbortController) {
    this.#writer = writer;
    this.#limits = limits;
    this.#abort = abort;
    writer.onFailure = (error) => {
      this.#failure = error;
      this.#stop();
    };
    const tooOld = `A run may take ${limits.maxAgeMs} ms`;
    this.#timer = setTimeout(() => this.stop("limit", tooOld), limits.maxAgeMs).unref();
  }

  get isStopped(): boolean {
    return this.#stopped !== undefined;
  }

  /** There will be no run. */
  discard(): void {
    clearTimeout(this.#timer);
  }

  /** End the run before its upstream does. */
  stop(how: RunEnd, detail = ""): void {
    this.#stopped ??= { how, detail };
    this.#abort.abort(new Error(`The run was ended: ${how}`));
    this.#stop();
  }

  /** Read the upstream to its end. Resolves when the end is stored, or cannot be. Reports failures of the log. */
  async run(chunks: AsyncIterator<Uint8Array>, onError: (error: unknown) => void): Promise<void> {
    let [how, detail]: [RunEnd, string] = ["complete", ""];
    try {
      await this.#copy(chunks);
    } catch (error) {
      [how, detail] = ["error", "The upstream failed"];
      if (isOfLog(error)) {
        [how, detail] = ["limit", error.detail];
        onError(error);
      } else if (error instanceof FencedError) this.stop("lost");
      else if (this.#stopped === undefined) onError(error);
    }
    clearTimeout(this.#timer);
    if (this.#stopped !== undefined) ({ how, detail } = this.#stopped);
    if (how !== "complete") this.#release(chunks, how);
    await this.#close(how, detail, onError);
  }

  async #copy(chunks: AsyncIterator<Uint8Array>): Promise<void> {
    for (;;) {
      const chunk = await this.#next(chunks);
      if (this.#failure !== undefined) throw this.#failure;
      if (chunk === undefined || this.#stopped !== undefined) return;
      if (chunk.done) break;
      this.#take(chunk.value);
      if (this.#writer.waiting > MAX_WAITING) await this.#writer.settled();
    }
    this.#finish();
    await this.#writer.settled();
  }

  /** The next chunk; undefined if the run has to end before it comes. */
  #next(chunks: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array> | undefined> {
    if (this.#stopped !== undefined) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#stop = () => resolve(undefined);
      chunks.next().then(resolve, reject);
    });
  }

  #take(chunk: Uint8Array): void {
    if (!(chunk instanceof Uint8Array)) throw new TypeError("A producer yields bytes or text");
    this.#bytes += chunk.length;
    const { maxBytes } = this.#limits;
    if (this.#bytes > maxBytes) {
      this.stop("limit", `A run may have ${maxBytes} bytes`);
      return;
    }
    const blocks = this.#splitter.push(chunk);
    if (blocks.length > 0) this.#writer.push(blocks.map((block) => ({ json: encodeBlock(block) })));
  }

  /** What follows the last blank line is not an event, but it is passed on as it came. */
  #finish(): void {
    const rest = this.#splitter.finish();
    if (rest === undefined) return;
    const json = encodeBlock(rest.bytes);
    this.#writer.push([rest.isBlock ? { json } : { event: RECORD.tail, json }]);
  }

  #release(chunks: AsyncIterator<Uint8Array>, how: RunEnd): void {
    this.#abort.abort(new Error(`The run was ended: ${how}`));
    chunks.return?.()?.catch(() => undefined); // it may fail because it was aborted
  }

  async #close(how: RunEnd, detail: string, onError: (error: unknown) => void): Promise<void> {
    try {
      await this.#writer.close(endDraft(how, detail));
    } catch (error) {
      if (!(error instanceof FencedError)) onError(error);
    }
  }
}

function isOfLog(error: unknown): error is ProtocolError {
  return error instanceof ProtocolError;
}
