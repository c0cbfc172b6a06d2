/**
 * UTF-8 to text, for bytes that arrive in chunks of any size; malformed bytes become U+FFFD, a leading BOM is dropped.
 * Node decodes ASCII several times as fast with a decoder that was never told of more to come, and other text half as
 * fast. So a chunk that follows ASCII, and that ends no character in the middle, goes to such a one.
 */
export function createUtf8Decoder(): (chunk: Uint8Array) => string {
  const whole = new TextDecoder("utf-8", { ignoreBOM: true });
  const streaming = new TextDecoder("utf-8", { ignoreBOM: true });
  let isFirst = true;
  /** The last chunk was not all ASCII; where its last byte was, nothing waits in the decoder. */
  let wasOther = false;
  return (chunk) => {
    const last = chunk[chunk.length - 1];
    if (last === undefined) return "";
    const isCut = last > 0x7f;
    const text = isCut || wasOther ? streaming.decode(chunk, { stream: true }) : whole.decode(chunk);
    wasOther = isCut || text.length !== chunk.length;
    if (!isFirst || text === "") return text;
    isFirst = false;
    return text.startsWith("\uFEFF") ? text.slice(1) : text;
  };
}
