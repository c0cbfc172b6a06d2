import { createHmac, randomBytes } from "node:crypto";
import { newEpoch, newTag } from "../log-cursor.ts";

/** Where a channel begins: its epoch, and the tag of the position before its first message. */
export interface ZeroPosition {
  readonly epoch: string;
  readonly tag: string;
}

const EPOCH_CHARS = 12;
const TAG_CHARS = 8;

/**
 * The beginning of every channel that was never written, without a word of memory for any of them.
 *
 * It is derived from the channel's name and a secret, so that a reader's cursor stays good until the first message
 * and after it. Only removed channels need memory, to begin elsewhere the next time; when that is full, a new secret
 * makes all of them begin elsewhere, and costs the readers of empty channels a gap.
 */
export class ZeroPositions {
  #secret = randomBytes(16);
  readonly #renewed = new Map<string, ZeroPosition>();
  readonly #maxRenewed: number;

  constructor(maxRenewed: number) {
    this.#maxRenewed = maxRenewed;
  }

  of(channel: string): ZeroPosition {
    return this.#renewed.get(channel) ?? this.#derive(channel);
  }

  /** Let the channel begin elsewhere from now on. */
  renew(channel: string): void {
    if (this.#renewed.size >= this.#maxRenewed && !this.#renewed.has(channel)) {
      this.#renewed.clear();
      this.#secret = randomBytes(16);
      return;
    }
    this.#renewed.set(channel, { epoch: newEpoch(), tag: newTag() });
  }

  #derive(channel: string): ZeroPosition {
    // UTF-16, not UTF-8: the latter writes all lone surrogates alike.
    const digest = createHmac("sha256", this.#secret).update(channel, "utf16le").digest("base64url");
    return { epoch: digest.slice(0, EPOCH_CHARS), tag: digest.slice(EPOCH_CHARS, EPOCH_CHARS + TAG_CHARS) };
  }
}
