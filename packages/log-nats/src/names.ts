import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** The names of a log's streams and subjects in NATS. */
export class Names {
  /** The stream of all channels. */
  readonly stream: string;
  /** The stream of answers to appends with an idempotency key. */
  readonly keys: string;

  /** @throws RangeError for a name that is not valid as a stream or as a single token of a subject */
  constructor(stream: string) {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(stream))
      throw new RangeError(`stream must be 1 to 64 letters, digits, hyphens and underscores: ${stream}`);
    this.stream = stream;
    this.keys = `${stream}-keys`;
  }

  /**
   * The subject of a channel's records. The name is encoded, because some characters are special in subjects.
   */
  channel(name: string): string {
    return `${this.stream}.channel.${encode(name)}`;
  }

  /** The channel name of a subject. */
  nameOf(subject: string): string {
    return Buffer.from(subject.slice(subject.lastIndexOf(".") + 1), "base64url").toString();
  }

  /** The subject of a channel's wake-ups. */
  wake(name: string): string {
    return `${this.stream}.wake.${encode(name)}`;
  }

  /** The subject of the marker that a channel has been written. */
  written(name: string): string {
    return `${this.stream}.written.${encode(name)}`;
  }

  get channels(): string {
    return `${this.stream}.channel.>`;
  }

  get wakes(): string {
    return `${this.stream}.wake.>`;
  }

  /** The subject of the seed for the start positions of unwritten channels. */
  get seed(): string {
    return `${this.stream}.seed`;
  }

  /** The subject on which NATS reports changes of the stream. */
  get advisories(): string {
    return `$JS.EVENT.ADVISORY.STREAM.*.${this.stream}`;
  }

  get allWritten(): string {
    return `${this.stream}.written.>`;
  }

  /**
   * The subject of the answer to a key. Its digest includes the epoch, because removal forgets a channel's
   * keys.
   */
  key(id: string): string {
    return `${this.keys}.${id}`;
  }
}

/** The digest of a key in a channel's epoch; its length does not depend on the key. */
export function keyDigest(channel: string, epoch: string, id: string): string {
  return createHash("sha256")
    .update(`${encode(channel)}.${epoch}.`)
    .update(id)
    .digest("base64url");
}

function encode(name: string): string {
  return Buffer.from(name).toString("base64url");
}
