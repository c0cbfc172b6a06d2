import type { BlockReader } from "./event-block.ts";

const LF = 0x0a;
const LETTER_E = 0x65;

/**
 * Hand on the blocks from `from` on that are all there and look as nearly all do: a name or none, one line of data, an
 * id or none, in this order and with a space after each colon. Returns where the first block begins that does not.
 * Only a shorter way to what the lines give one by one; `text` has no CR, and no block has begun.
 */
export function readUsualBlocks(text: string, from: number, block: BlockReader): number {
  for (let at = from; ; ) {
    let event = "message";
    let dataAt = at;
    if (text.charCodeAt(at) === LETTER_E) {
      dataAt = text.indexOf("\n", at) + 1;
      if (dataAt <= at + "event: \n".length || !text.startsWith("event: ", at)) return at;
      event = text.slice(at + "event: ".length, dataAt - 1);
    }
    if (!text.startsWith("data: ", dataAt)) return at;
    const idAt = text.indexOf("\n", dataAt) + 1;
    let end = idAt;
    let { id } = block;
    if (idAt > 0 && text.startsWith("id: ", idAt)) {
      end = text.indexOf("\n", idAt) + 1;
      id = text.slice(idAt + "id: ".length, end - 1);
      if (id.includes("\0")) return at;
    }
    if (end === 0 || text.charCodeAt(end) !== LF || end - at > block.maxLength) return at;
    block.id = id;
    at = end + 1;
    block.sink.event(event, text.slice(dataAt + "data: ".length, idAt - 1), id);
  }
}
