/**
 * UTF-8 to text, for bytes that arrive in chunks of any size; malformed bytes become U+FFFD, a leading BOM is dropped.
 * Node decodes ASCII several times as fast with a decoder that was never told of more to come, and other text half as
 * fast. So a chunk that follows ASCII, and that ends no character in the middle, goes to such a one.
 */
export function createUtf8Decoder(): (chunk: Uint8Array) => string {
  const streaming = new TextDecoder();
  // Where it decodes, the stream's beginning is past: what looks like a BOM is text.
  const whole = new TextDecoder("utf-8", { ignoreBOM: true });
  /** Nothing was decoded yet, or the last chunk was not all ASCII; where its last byte was, nothing waits in the decoder. */
  let isOther = true;
  return (chunk) => {
    const isCut = (chunk[chunk.length - 1] ?? 0xff) > 0x7f;
    const text = isCut || isOther ? streaming.decode(chunk, { stream: true }) : whole.decode(chunk);
    isOther = isCut || text.length !== chunk.length;
    return text;
  };
}
