import { Buffer } from "node:buffer";
import { formatLogCursor, type LogCursor } from "@tidemark/log";
import type { Cursor } from "@tidemark/protocol";

/** The id of a message in its stream: `<seq>-<tag>`, with the tag's 48 bits as a number. */
export type MessageId = string;

const TAG_BYTES = 6;
const TAG_CHARS = 8; // base64url of exactly six bytes, whichever they are

/** A tag as the number that stands in an id; `undefined` for one that no log of ours gave out. */
export function tagNumber(tag: string): number | undefined {
  return tag.length === TAG_CHARS ? Buffer.from(tag, "base64url").readUIntBE(0, TAG_BYTES) : undefined;
}

/** The id of the message that a cursor stands after; `undefined` where no log of ours gave such a cursor out. */
export function messageId({ seq, tag }: LogCursor): MessageId | undefined {
  const number = tagNumber(tag);
  return number === undefined ? undefined : `${seq}-${number}`;
}

/** The number of a message within its epoch. */
export function seqOfId(id: MessageId): number {
  return Number(id.slice(0, id.indexOf("-")));
}

/** The cursor after the message with this id. */
export function cursorAfter(epoch: string, id: MessageId): Cursor {
  return formatLogCursor({ epoch, seq: seqOfId(id), tag: tagText(id) });
}

/** The cursors of the last `count` messages of one append, whose last has this id: they share its tag. */
export function cursorsThrough(epoch: string, id: MessageId, count: number): Cursor[] {
  const tag = tagText(id);
  const before = seqOfId(id) - count;
  return Array.from({ length: count }, (_, i) => formatLogCursor({ epoch, seq: before + 1 + i, tag }));
}

const buffer = Buffer.alloc(TAG_BYTES);

function tagText(id: MessageId): string {
  buffer.writeUIntBE(Number(id.slice(id.indexOf("-") + 1)), 0, TAG_BYTES);
  return buffer.toString("base64url");
}
