import { Buffer } from "node:buffer";
import { formatLogCursor, type LogCursor } from "@tidemark/log";
import type { Cursor, RawMessage } from "@tidemark/protocol";

/** The id of a message in its stream: `<seq>-<tag>`, with the tag's 48 bits as a number. */
export type MessageId = string;

const TAG_BYTES = 6;
const TAG_CHARS = 8; // base64url of exactly six bytes

/** A tag as the number in an id; `undefined` for a tag that our logs did not issue. */
export function tagNumber(tag: string): number | undefined {
  return tag.length === TAG_CHARS ? Buffer.from(tag, "base64url").readUIntBE(0, TAG_BYTES) : undefined;
}

/** The id of the message before a cursor; `undefined` for a cursor that our logs did not issue. */
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
  // The same text as `formatLogCursor` writes; the number has the same form in the id and in a cursor.
  const dash = id.indexOf("-");
  return `${epoch}.${id.slice(0, dash)}.${tagText(Number(id.slice(dash + 1)))}`;
}

/** The cursors of an append's last `count` messages, the last of which has this id. They share its tag. */
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

/**
 * Hand-written, because it runs for every message of every page: a Buffer takes ten times as long for six
 * bytes.
 */
function tagText(bits: number): string {
  const [high, low] = [Math.floor(bits / HALF), bits % HALF];
  return `${PAIRS[high >> 12]}${PAIRS[high & 4095]}${PAIRS[low >> 12]}${PAIRS[low & 4095]}`;
}

/** Parse the read script's answer: `heads` has a line with the id and optional event of each message. */
export function messagesOf(heads: string, data: readonly string[], epoch: string): RawMessage[] {
  const lines = heads.split("\n");
  return data.map((json, i) => {
    const head = lines[i] ?? "";
    const space = head.indexOf(" ");
    if (space < 0) return { cursor: cursorAfter(epoch, head), json };
    return { cursor: cursorAfter(epoch, head.slice(0, space)), event: head.slice(space + 1), json };
  });
}
