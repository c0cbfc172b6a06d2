import { Buffer } from "node:buffer";

/** Blocks of an event stream, encoded once for all who get them. */
export interface Frame {
  /** The blocks themselves. */
  readonly bytes: Buffer;
  /** The blocks as one chunk of HTTP/1.1 (RFC 9112, 7.1); `bytes` is a part of it. */
  readonly chunk: Buffer;
}

/** Encode some blocks; undefined for none, which as a chunk would end the answer. */
export function frameOf(blocks: string | Uint8Array): Frame | undefined {
  const length = Buffer.byteLength(blocks);
  if (length === 0) return undefined;
  const size = `${length.toString(16)}\r\n`;
  // Not from the pool: frames live long, and would keep the whole pool.
  const chunk = Buffer.allocUnsafeSlow(size.length + length + 2);
  const bytes = chunk.subarray(size.length, size.length + length);
  chunk.write(size, 0, "latin1");
  if (typeof blocks === "string") bytes.write(blocks, "utf8");
  else bytes.set(blocks);
  chunk.write("\r\n", size.length + length, "latin1");
  return { chunk, bytes };
}
