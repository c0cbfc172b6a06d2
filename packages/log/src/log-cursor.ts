import { Buffer } from "node:buffer";
import { randomBytes, randomFillSync } from "node:crypto";
import type { Cursor } from "@tidemark/protocol";

/** What a cursor of our logs says: the position after message `seq` of one incarnation of a channel. */
export interface LogCursor {
  /** One incarnation of a channel: at least 64 random bits, base64url. */
  readonly epoch: string;
  /** Messages before this position since the epoch began: 0 for the beginning. */
  readonly seq: number;
  /** The append that wrote message `seq`: at least 40 random bits, base64url. Tells a restored store from its lost future. */
  readonly tag: string;
}

const EPOCH_BYTES = 9; // 72 bits, 12 characters
const TAG_BYTES = 6; // 48 bits, 8 characters

// 11 characters hold 64 bits and 7 hold 40; `seq` has one spelling, so that a position has one cursor.
const FORM = /^([A-Za-z0-9_-]{11,32})\.(0|[1-9][0-9]{0,15})\.([A-Za-z0-9_-]{7,32})$/;

/** Write a cursor: `epoch.seq.tag`, at most 82 characters. The parts are taken as they are. */
export function formatLogCursor({ epoch, seq, tag }: LogCursor): Cursor {
  return `${epoch}.${seq}.${tag}`;
}

/** Read a cursor that {@link formatLogCursor} wrote; `undefined` for whatever else, which no log of ours can place. */
export function parseLogCursor(text: string): LogCursor | undefined {
  const [, epoch, digits, tag] = FORM.exec(text) ?? [];
  if (epoch === undefined || digits === undefined || tag === undefined) return undefined;
  const seq = Number(digits);
  return Number.isSafeInteger(seq) ? { epoch, seq, tag } : undefined;
}

/** A new random epoch. */
export function newEpoch(): string {
  return randomBytes(EPOCH_BYTES).toString("base64url");
}

// Random bytes cost the same for one tag as for hundreds: more than all the rest of an append in memory.
const pool = Buffer.alloc(TAG_BYTES * 512);
let poolUsed = pool.length;

/** A new random tag: one for each append. */
export function newTag(): string {
  if (poolUsed === pool.length) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  poolUsed += TAG_BYTES;
  return pool.toString("base64url", poolUsed - TAG_BYTES, poolUsed);
}
