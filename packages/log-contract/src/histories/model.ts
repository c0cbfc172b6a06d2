import type { Appended, AppendOptions } from "@tidemark/log";
import type { Cursor, ProblemCode, RawDraft } from "@tidemark/protocol";

/** A position of a channel: after a message, or before the first. */
export interface Place {
  readonly cursor: Cursor;
  /** The message just before this position. */
  readonly draft?: RawDraft;
}

/** The outcome of an append. */
export type Outcome =
  | { readonly refused: ProblemCode }
  | { readonly replay: Appended }
  | { readonly stored: true };

/** The simplest model of a channel; the log under test is compared with it. */
export class ModelChannel {
  #start: Place;
  #messages: Place[] = [];
  #closed = false;
  readonly #keys = new Map<string, { readonly digest: string; readonly appended: Appended }>();

  /** A new epoch that begins at `zero`. */
  constructor(zero: Cursor) {
    this.#start = { cursor: zero };
  }

  /** Every valid position, oldest first. */
  get places(): readonly Place[] {
    return [this.#start, ...this.#messages];
  }

  get end(): Place {
    return this.#messages.at(-1) ?? this.#start;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get length(): number {
    return this.#messages.length;
  }

  get keyIds(): readonly string[] {
    return [...this.#keys.keys()];
  }

  /** The expected outcome of an append: key, closed and `after` are checked in this order. */
  judge(drafts: readonly RawDraft[], { key, after }: AppendOptions): Outcome {
    const remembered = key && this.#keys.get(key.id);
    if (remembered && remembered.digest !== key?.digest) return { refused: "key-reused" };
    if (remembered) return { replay: remembered.appended };
    if (this.#closed && drafts.length > 0) return { refused: "closed" };
    if (after !== undefined && after !== this.end.cursor) return { refused: "not-at-end" };
    return { stored: true };
  }

  /** Record the log's answer to an append that it had to store. */
  store(
    drafts: readonly RawDraft[],
    { key, close = false }: AppendOptions,
    appended: Appended,
  ): readonly Place[] {
    const places = drafts.map((draft, i) => ({ cursor: appended.cursors[i] ?? "", draft }));
    this.#messages.push(...places);
    this.#closed ||= close;
    if (key) this.#keys.set(key.id, { digest: key.digest, appended });
    return places;
  }

  trim(keepLast: number): void {
    const dropped = this.#messages.splice(0, Math.max(0, this.length - keepLast));
    this.#start = dropped.at(-1) ?? this.#start;
  }

  /** Drop the newest `count` messages. Whether their keys survive is up to the log. */
  lose(count: number): void {
    this.#messages.splice(this.length - count);
    this.#closed = false;
    this.#keys.clear();
  }
}
