// The decoders: each takes all chunks and returns the number of messages, and the total length of their data.
import { createEventStreamDecoder, parsePage } from "@tidemark/protocol";
import { createParser } from "eventsource-parser";

/** Decoders from the bytes of an event stream to events. */
export const STREAM_DECODERS = {
  "eventsource-parser"(chunks) {
    const found = { messages: 0, length: 0 };
    const text = new TextDecoder();
    const parser = createParser({
      onEvent({ data, id }) {
        found.messages += 1;
        found.length += data.length + id.length;
      },
    });
    for (const chunk of chunks) parser.feed(text.decode(chunk, { stream: true }));
    return found;
  },
  tidemark(chunks) {
    const found = { messages: 0, length: 0 };
    const decoder = createEventStreamDecoder({
      event(_event, data, id) {
        found.messages += 1;
        found.length += data.length + id.length;
      },
    });
    for (const chunk of chunks) decoder.push(chunk);
    return found;
  },
};

/** Decoders from the text of pages to messages. */
export const PAGE_DECODERS = {
  "JSON.parse": (texts) => countOf(texts.map((text) => JSON.parse(text))),
  tidemark: (texts) => countOf(texts.map((text) => parsePage(text))),
};

function countOf(pages) {
  let length = 0;
  for (const { messages } of pages) for (const { cursor } of messages) length += cursor.length;
  return { messages: pages.reduce((sum, page) => sum + page.messages.length, 0), length };
}
