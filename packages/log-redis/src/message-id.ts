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
  // As `formatLogCursor` writes it; the number stands in the id as it does in a cursor.
  const dash = id.indexOf("-");
  return `${epoch}.${id.slice(0, dash)}.${tagText(Number(id.slice(dash + 1)))}`;
}

/** The cursors of the last `count` messages of one append, whose last has this id: they share its tag. */
export function cursorsThrough(epoch: string, id: MessageId, count: number): Cursor[] {
  if (count === 1) return [cursorAfter(epoch, id)];
  const tag = tagText(Number(id.slice(id.indexOf("-") + 1)));
  const before = seqOfId(id) - count;
  return Array.from({ length: count }, (_, i) => formatLogCursor({ epoch, seq: before + 1 + i, tag }));
}

const ALPHABET = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"];
/** Two digits of base64url for each 12 bits. */
const PAIRS: readonly string[] = ALPHABET.flatMap((high) => ALPHABET.map((low) => high + low));
const HALF = 2 ** 24;

/** By hand, as every message of every page passes here: a Buffer takes ten times as long for six bytes. */
function tagText(bits: number): string {
  const [high, low] = [Math.floor(bits / HALF), bits % HALF];
  return `${PAIRS[high >> 12]}${PAIRS[high & 4095]}${PAIRS[low >> 12]}${PAIRS[low & 4095]}`;
}
