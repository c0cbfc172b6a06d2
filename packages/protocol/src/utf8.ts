const STREAM = { stream: true } as const;

/**
 * UTF-8 to text, for bytes that arrive in chunks of any size; malformed bytes become U+FFFD, a leading BOM is dropped.
 * Node decodes ASCII several times as fast when it is told that all of it is there, and other text half as fast. So a
 * chunk after ASCII is taken for ASCII, and whatever turns out to be none is followed by a decoder that streams.
 */
export function createUtf8Decoder(): (chunk: Uint8Array) => string {
  const whole = new TextDecoder("utf-8", { ignoreBOM: true }); // never streams: it would be slow for ever after
  const streaming = new TextDecoder("utf-8", { ignoreBOM: true });
  let isFirst = true;
  let isAscii = true;
  const decode = (chunk: Uint8Array): string => {
    if (!isAscii) {
      const text = streaming.decode(chunk, STREAM);
      // After an ASCII byte nothing waits in the decoder, so that it may be left.
      isAscii = (chunk[chunk.length - 1] ?? 0x80) < 0x80 && text.length === chunk.length;
      return text;
    }
    const end = chunk.length - unfinishedLength(chunk);
    const text = whole.decode(end === chunk.length ? chunk : chunk.subarray(0, end));
    isAscii = text.length === chunk.length;
    return end === chunk.length ? text : text + streaming.decode(chunk.subarray(end), STREAM);
  };
  return (chunk) => {
    const text = decode(chunk);
    if (!isFirst || text === "") return text;
    isFirst = false;
    return text.startsWith("\uFEFF") ? text.slice(1) : text;
  };
}

/** How many bytes at the end, 0 to 3, begin a character that is not all there. */
function unfinishedLength(bytes: Uint8Array): number {
  // A cut before a lead byte is always right: no character continues over one.
  for (let length = 1; length <= 3; length++) {
    const byte = bytes[bytes.length - length];
    if (byte === undefined || byte < 0x80) return 0;
    if (byte >= 0xc0) return length < sequenceLength(byte) ? length : 0;
  }
  return 0;
}

/** The length of the character that a lead byte begins. */
function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}
