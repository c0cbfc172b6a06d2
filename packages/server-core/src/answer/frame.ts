import { Buffer } from "node:buffer";

/** Blocks of an event stream, encoded once for all their readers. */
export interface Frame {
  /** The blocks. */
  readonly bytes: Buffer;
  /** The blocks as one chunk of HTTP/1.1 (RFC 9112, 7.1); `bytes` is a view into it. */
  readonly chunk: Buffer;
  /** How many messages the blocks contain. */
  readonly messages: number;
}

/** Encode blocks that contain `messages`. Undefined if there are none, since an empty chunk would end the answer. */
export function frameOf(blocks: string | Uint8Array, messages = 0): Frame | undefined {
  const length = Buffer.byteLength(blocks);
  if (length === 0) return undefined;
  const size = `${length.toString(16)}\r\n`;
  // Not from the pool: a frame lives long, and would keep the whole pool alive.
  const chunk = Buffer.allocUnsafeSlow(size.length + length + 2);
  const bytes = chunk.subarray(size.length, size.length + length);
  chunk.write(size, 0, "latin1");
  if (typeof blocks === "string") bytes.write(blocks, "utf8");
  else bytes.set(blocks);
  chunk.write("\r\n", size.length + length, "latin1");
  return { chunk, bytes, messages };
}
