import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** The names in NATS of a log, and of what it keeps. */
export class Names {
  /** The stream of all channels. */
  readonly stream: string;
  /** The stream of what appends with an idempotency key were answered. */
  readonly keys: string;

  /** @throws RangeError for a name that NATS does not take for a stream, or that is no single part of a subject. */
  constructor(stream: string) {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(stream))
      throw new RangeError(`stream must be 1 to 64 letters, digits, hyphens and underscores: ${stream}`);
    this.stream = stream;
    this.keys = `${stream}-keys`;
  }

  /** Where a channel's records are; the name is encoded, as subjects have signs of their own. */
  channel(name: string): string {
    return `${this.stream}.channel.${encode(name)}`;
  }

  /** The name of the channel whose records are at a subject. */
  nameOf(subject: string): string {
    return Buffer.from(subject.slice(subject.lastIndexOf(".") + 1), "base64url").toString();
  }

  /** Where its changes are told. */
  wake(name: string): string {
    return `${this.stream}.wake.${encode(name)}`;
  }

  /** Where it says that a channel was written once. */
  written(name: string): string {
    return `${this.stream}.written.${encode(name)}`;
  }

  get channels(): string {
    return `${this.stream}.channel.>`;
  }

  get wakes(): string {
    return `${this.stream}.wake.>`;
  }

  /** Where it says how the channels begin that were never written. */
  get seed(): string {
    return `${this.stream}.seed`;
  }

  /** Where NATS tells what is done to the stream as a whole. */
  get advisories(): string {
    return `$JS.EVENT.ADVISORY.STREAM.*.${this.stream}`;
  }

  get allWritten(): string {
    return `${this.stream}.written.>`;
  }

  /** Where the answer to a key is; epoch included, as a channel that was removed remembers none. */
  key(id: string): string {
    return `${this.keys}.${id}`;
  }
}

/** The digest that stands for a key in a channel's epoch: of one length, however long the key. */
export function keyDigest(channel: string, epoch: string, id: string): string {
  return createHash("sha256")
    .update(`${encode(channel)}.${epoch}.`)
    .update(id)
    .digest("base64url");
}

function encode(name: string): string {
  return Buffer.from(name).toString("base64url");
}
