// The input of the decoders: messages as the reference server sends them, in chunks of a given size.

/** Every case: the size of a message's data in bytes, its text, and the bytes of a chunk (0: one event per chunk). */
export const CASES = {
  "200 bytes, chunks of 64 KiB": { size: 200, chunk: 65_536, letter: "x" },
  "200 bytes, chunks of 16 KiB": { size: 200, chunk: 16_384, letter: "x" },
  "200 bytes, one event a chunk": { size: 200, chunk: 0, letter: "x" },
  "50 bytes, chunks of 64 KiB": { size: 50, chunk: 65_536, letter: "x" },
  "1 000 bytes, chunks of 64 KiB": { size: 1_000, chunk: 65_536, letter: "x" },
  "200 bytes with one é, chunks of 64 KiB": { size: 200, chunk: 65_536, letter: "x", accent: "é" },
  "200 characters of Japanese, chunks of 64 KiB": { size: 200, chunk: 65_536, letter: "字" },
};

/** The data of a message, as JSON text; 35 bytes of it are not the text. */
function dataOf(index, { size, letter, accent = "" }) {
  const text = accent + letter.repeat(Math.max(0, size - 35 - accent.length));
  return JSON.stringify({ at: 1_790_000_000_000 + index, n: index % 10, t: text });
}

const cursorOf = (index) => `Zk3vQ9xT2bLm.${index}.aB3dE5gH`;

/** Chunks of an event stream with `count` messages. */
export function streamChunks(count, shape) {
  const events = Array.from({ length: count }, (_, i) => `data: ${dataOf(i, shape)}\nid: ${cursorOf(i)}\n\n`);
  if (shape.chunk === 0) return events.map((event) => Buffer.from(event));
  const all = Buffer.from(events.join(""));
  const chunks = [];
  for (let from = 0; from < all.length; from += shape.chunk)
    chunks.push(all.subarray(from, from + shape.chunk));
  return chunks;
}

/** Pages of 1 000 messages, as text. */
export function pageTexts(count, shape) {
  const pages = [];
  for (let from = 0; from < count; from += 1_000) {
    const messages = Array.from({ length: 1_000 }, (_, i) => {
      const index = from + i;
      return `{"cursor":"${cursorOf(index)}","data":${dataOf(index, shape)}}`;
    });
    pages.push(`{"messages":[${messages.join(",")}],"cursor":"${cursorOf(from + 999)}","more":true}`);
  }
  return pages;
}
