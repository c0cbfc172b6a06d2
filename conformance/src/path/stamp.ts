/** The bytes of a write that is only a stamp: `:0001 000012345\n`, a comment of an event stream. */
export const STAMP_BYTES = 16;

/** Letters that compress badly, so that a compressor cannot make a large write small. */
const PADDING: string = padding(64 * 1024);

/** Build write `n` of a stream: its number, the sender's time in tenths of a millisecond, and padding to `size` bytes. */
export function writeOf(n: number, atMs: number, size: number): Buffer {
  const stamp = `:${String(n).padStart(4, "0")} ${String(Math.round(atMs * 10)).padStart(9, "0")}\n`;
  if (size <= STAMP_BYTES + 2) return Buffer.from(stamp, "latin1");
  return Buffer.from(`${stamp}:${paddingOf(n, size - STAMP_BYTES - 2)}\n`, "latin1");
}

/** The number of bytes that {@link writeOf} produces for a size. */
export function sizeOf(size: number): number {
  return size <= STAMP_BYTES + 2 ? STAMP_BYTES : size;
}

/** Read the stamp at the start of a write. Undefined if there is none. */
export function readStamp(bytes: Uint8Array): { readonly n: number; readonly atMs: number } | undefined {
  const text = Buffer.from(bytes.subarray(0, STAMP_BYTES)).toString("latin1");
  const match = /^:(\d{4}) (\d{9})\n$/.exec(text);
  return match ? { n: Number(match[1]), atMs: Number(match[2]) / 10 } : undefined;
}

function paddingOf(n: number, length: number): string {
  const from = (n * 97) % 4096;
  let text = PADDING.slice(from, from + length);
  while (text.length < length) text += PADDING.slice(0, length - text.length);
  return text;
}

/** Reproducible letters (xorshift), the same at both ends. */
function padding(length: number): string {
  let state = 0x9e3779b9;
  let text = "";
  while (text.length < length) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    text += (state >>> 0).toString(36);
  }
  return text.slice(0, length);
}
