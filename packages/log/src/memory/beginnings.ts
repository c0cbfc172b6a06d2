import { createHmac, randomBytes } from "node:crypto";
import type { Cursor } from "@tidemark/protocol";
import { formatLogCursor, newEpoch, newTag } from "../log-cursor.ts";
import { BEGINNING_BYTES, type Room } from "./room.ts";

/** Where a channel without messages stands. */
export interface Beginning {
  readonly epoch: string;
  /** How many messages this epoch has had. */
  readonly seq: number;
  readonly cursor: Cursor;
  readonly closed: boolean;
}

const EPOCH_CHARS = 12;
const TAG_CHARS = 8;

/**
 * The beginning of every channel that is not kept.
 *
 * For a channel that was never written it is derived from the name and a secret and takes no memory, so a reader's
 * cursor stays good until the first message and after it. Two kinds of channels are remembered: a removed one begins
 * in another epoch, and an empty one that was forgotten goes on where it was. When there is no room to remember one
 * more, a new secret makes all of them begin in another epoch, and the readers of empty channels get a gap.
 */
export class Beginnings {
  #secret = randomBytes(16);
  readonly #remembered = new Map<string, Beginning>();
  readonly #max: number;
  readonly #room: Room;

  constructor(max: number, room: Room) {
    this.#max = max;
    this.#room = room;
  }

  of(channel: string): Beginning {
    return this.#remembered.get(channel) ?? this.#derive(channel);
  }

  /** The channel was removed: it begins in another epoch from now on. */
  renew(channel: string): void {
    const epoch = newEpoch();
    const cursor = formatLogCursor({ epoch, seq: 0, tag: newTag() });
    this.#remember(channel, { epoch, seq: 0, cursor, closed: false });
  }

  /** The channel is empty and is forgotten: it goes on from here. */
  continue(channel: string, beginning: Beginning): void {
    this.#remember(channel, beginning);
  }

  /** The channel is kept, which tells where it stands. A removed one stays remembered by nothing else than its epoch. */
  drop(channel: string): void {
    if (this.#remembered.delete(channel)) this.#room.give(costOf(channel));
  }

  #remember(channel: string, beginning: Beginning): void {
    if (this.#remembered.size >= this.#max && !this.#remembered.has(channel)) {
      for (const name of [...this.#remembered.keys()]) this.drop(name);
      this.#secret = randomBytes(16);
      return;
    }
    if (!this.#remembered.has(channel)) this.#room.take(costOf(channel));
    this.#remembered.set(channel, beginning);
  }

  #derive(channel: string): Beginning {
    // UTF-16, not UTF-8: the latter writes all lone surrogates alike.
    const digest = createHmac("sha256", this.#secret).update(channel, "utf16le").digest("base64url");
    const epoch = digest.slice(0, EPOCH_CHARS);
    const tag = digest.slice(EPOCH_CHARS, EPOCH_CHARS + TAG_CHARS);
    return { epoch, seq: 0, cursor: formatLogCursor({ epoch, seq: 0, tag }), closed: false };
  }
}

function costOf(channel: string): number {
  return BEGINNING_BYTES + channel.length;
}
