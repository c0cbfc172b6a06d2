import type { Cursor, Position } from "../pages/cursor.ts";
import type { Draft, RawDraft, WireDraft } from "../pages/message.ts";

/** The body of a publish. */
export interface WirePublish {
  /** All are published, or none. */
  readonly messages?: readonly WireDraft[];
  /** Close the channel after these messages. */
  readonly close?: boolean;
  /** Publish only if this is still the end of the channel. */
  readonly after?: Position;
}

/** A {@link WirePublish} with typed data. */
export interface Publish<T = unknown> extends WirePublish {
  readonly messages?: readonly Draft<T>[];
}

/** A {@link Publish} whose data is still JSON text. */
export interface RawPublish {
  readonly drafts: readonly RawDraft[];
  readonly close: boolean;
  readonly after?: Position;
}

/** The answer to a publish. */
export interface Published {
  /**
   * One for each message, in order.
   *
   * @items.type string
   * @items.pattern ^[a-z]*[A-Z0-9._~-][A-Za-z0-9._~-]*$
   * @items.maxLength 1024
   */
  readonly cursors: readonly Cursor[];
  /** The end of the channel after this publish. */
  readonly cursor: Cursor;
  /** The channel is closed. */
  readonly closed?: true;
}
