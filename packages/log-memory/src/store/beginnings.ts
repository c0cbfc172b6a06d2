import { createHmac, randomBytes } from "node:crypto";
import { formatLogCursor, newEpoch, newTag } from "@tidemark/log";
import type { Cursor } from "@tidemark/protocol";
import { BEGINNING_BYTES, type Room } from "./room.ts";

/** The position of a channel without messages. */
export interface Beginning {
  readonly epoch: string;
  /** The number of messages that this epoch has had. */
  readonly seq: number;
  readonly cursor: Cursor;
  readonly closed: boolean;
}

const EPOCH_CHARS = 12;
const TAG_CHARS = 8;

/**
 * The start position of every channel that is not kept.
 *
 * An unwritten channel's start is derived from its name and a secret. It takes no memory, and a reader's
 * cursor stays valid when the first message arrives. Two kinds of channels are remembered: a removed channel
 * begins in a new epoch, and an evicted empty channel continues at its position. When the memory for these is
 * full, all are forgotten and a new secret puts every such channel in a new epoch, so the readers of empty
 * channels get a gap.
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

  /** The channel was removed: it begins in a new epoch. */
  renew(channel: string): void {
    const epoch = newEpoch();
    const cursor = formatLogCursor({ epoch, seq: 0, tag: newTag() });
    this.#remember(channel, { epoch, seq: 0, cursor, closed: false });
  }

  /** The empty channel is evicted: remember its position. */
  continue(channel: string, beginning: Beginning): void {
    this.#remember(channel, beginning);
  }

  /** The channel is kept now, and has its own position and epoch: forget it here. */
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
    // UTF-16, not UTF-8, which encodes all lone surrogates alike.
    const digest = createHmac("sha256", this.#secret).update(channel, "utf16le").digest("base64url");
    const epoch = digest.slice(0, EPOCH_CHARS);
    const tag = digest.slice(EPOCH_CHARS, EPOCH_CHARS + TAG_CHARS);
    return { epoch, seq: 0, cursor: formatLogCursor({ epoch, seq: 0, tag }), closed: false };
  }
}

function costOf(channel: string): number {
  return BEGINNING_BYTES + channel.length;
}
