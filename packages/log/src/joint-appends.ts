import { Buffer } from "node:buffer";
import type { RawDraft } from "@tidemark/protocol";
import type { Appended } from "./log.ts";

/** The bounds of a batch. An append that exceeds them is sent alone. */
export interface JointBounds {
  /** @defaultValue 1_000 */
  readonly maxMessages?: number;
  /** Bytes of data and events, with two more for each message. @defaultValue 1 MiB */
  readonly maxBytes?: number;
}

/** Stores drafts as one unconditional append, all or none. */
export type AppendAll = (channel: string, drafts: readonly RawDraft[]) => Promise<Appended>;

interface Waiting {
  readonly drafts: readonly RawDraft[];
  readonly resolve: (appended: Appended) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Batches the unconditional appends of one process. Each channel has at most one append in flight; the
 * appends that arrive meanwhile are sent next, as one append. They are stored or rejected together and share
 * a tag.
 */
export class JointAppends {
  readonly #appendAll: AppendAll;
  readonly #maxMessages: number;
  readonly #maxBytes: number;
  /** The waiting appends of each channel that has an append in flight. */
  readonly #waiting = new Map<string, Waiting[]>();

  constructor(appendAll: AppendAll, { maxMessages = 1_000, maxBytes = 1_048_576 }: JointBounds = {}) {
    this.#appendAll = appendAll;
    this.#maxMessages = maxMessages;
    this.#maxBytes = maxBytes;
  }

  /** Rejects with the error of `appendAll`. */
  append(channel: string, drafts: readonly RawDraft[]): Promise<Appended> {
    const waiting = this.#waiting.get(channel);
    if (waiting)
      return new Promise((resolve, reject) => {
        waiting.push({ drafts, resolve, reject });
      });
    this.#waiting.set(channel, []);
    return this.#take(channel, drafts, 1);
  }

  async #take(channel: string, drafts: readonly RawDraft[], publishers: number): Promise<Appended> {
    try {
      return await this.#appendAll(channel, drafts);
    } finally {
      // Wait one turn: each publisher whose append resolves now may append again, and these form one batch.
      if (publishers > 1 || this.#waiting.get(channel)?.length) setImmediate(() => this.#next(channel));
      else this.#waiting.delete(channel);
    }
  }

  #next(channel: string): void {
    const waiting = this.#waiting.get(channel) ?? [];
    if (waiting.length === 0) {
      this.#waiting.delete(channel);
      return;
    }
    const group = waiting.splice(0, this.#countOf(waiting));
    const drafts = group.flatMap((one) => one.drafts);
    this.#take(channel, drafts, group.length).then(
      (appended) => tell(group, appended),
      (error: unknown) => {
        for (const { reject } of group) reject(error);
      },
    );
  }

  /** How many of the waiting appends fit in one batch: at least one. */
  #countOf(waiting: readonly Waiting[]): number {
    let [messages, bytes] = [0, 0];
    const over = waiting.findIndex(({ drafts }) => {
      messages += drafts.length;
      for (const { json, event = "" } of drafts) bytes += Buffer.byteLength(json) + event.length + 2;
      return messages > this.#maxMessages || bytes > this.#maxBytes;
    });
    return over < 0 ? waiting.length : Math.max(1, over);
  }
}

/** Resolve each append with its own cursors. */
function tell(group: readonly Waiting[], { cursors, closed, replayed }: Appended): void {
  let end = 0;
  for (const { drafts, resolve } of group) {
    const own = cursors.slice(end, end + drafts.length);
    end += drafts.length;
    resolve({ cursors: own, cursor: own.at(-1) ?? "", closed, replayed });
  }
}
