/**
 * Create a UTF-8 decoder for chunks of any size. Malformed bytes become U+FFFD; a leading BOM is dropped.
 *
 * On Node, a decoder that was never used with `stream: true` decodes ASCII several times as fast, but other
 * text half as fast. So a chunk goes to such a decoder if it follows ASCII and does not end inside a
 * character.
 */
export function createUtf8Decoder(): (chunk: Uint8Array) => string {
  const streaming = new TextDecoder();
  // It never decodes the first chunk, so what looks like a BOM is text.
  const whole = new TextDecoder("utf-8", { ignoreBOM: true });
  /**
   * The first chunk is still to come, or the last chunk was not all ASCII. If false, the streaming decoder
   * holds no partial character.
   */
  let isOther = true;
  return (chunk) => {
    const isCut = (chunk[chunk.length - 1] ?? 0xff) > 0x7f;
    const text = isCut || isOther ? streaming.decode(chunk, { stream: true }) : whole.decode(chunk);
    isOther = isCut || text.length !== chunk.length;
    return text;
  };
}
