import type { Cursor, Position } from "./cursor.ts";
import type { Draft, RawDraft } from "./message.ts";

/** The body of a publish: a page turned round. */
export interface Publish<T = unknown> {
  /** All are published, or none. */
  readonly messages?: readonly Draft<T>[];
  /** Close the channel after these messages. */
  readonly close?: boolean;
  /** Publish only if this is still the end of the channel. */
  readonly after?: Position;
}

/** A {@link Publish} whose data is still JSON text. */
export interface RawPublish {
  readonly drafts: readonly RawDraft[];
  readonly close: boolean;
  readonly after?: Position;
}

/** The answer to a publish. */
export interface Published {
  /** One for each message, in order. */
  readonly cursors: readonly Cursor[];
  /** The end of the channel after this publish. */
  readonly cursor: Cursor;
  /** The channel is closed. */
  readonly closed?: true;
}
