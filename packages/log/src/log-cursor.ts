import { Buffer } from "node:buffer";
import { randomBytes, randomFillSync } from "node:crypto";
import type { Cursor } from "@tidemark/protocol";

/** The parts of a cursor of our logs: the position after message `seq` of one incarnation of a channel. */
export interface LogCursor {
  /** One incarnation of a channel: at least 64 random bits, base64url. */
  readonly epoch: string;
  /** Messages before this position since the epoch began: 0 for the beginning. */
  readonly seq: number;
  /**
   * The append that wrote message `seq`: at least 40 random bits, base64url. Detects messages lost in a
   * restore.
   */
  readonly tag: string;
}

const EPOCH_BYTES = 9; // 72 bits, 12 characters
const TAG_BYTES = 6; // 48 bits, 8 characters

// 11 characters hold 64 bits and 7 hold 40. `seq` has no leading zeros, so that a position has one cursor.
const FORM = /^([A-Za-z0-9_-]{11,32})\.(0|[1-9][0-9]{0,15})\.([A-Za-z0-9_-]{7,32})$/;

/** Format a cursor as `epoch.seq.tag`, at most 82 characters. The parts are not validated. */
export function formatLogCursor({ epoch, seq, tag }: LogCursor): Cursor {
  return `${epoch}.${seq}.${tag}`;
}

/** Parse a cursor that {@link formatLogCursor} wrote; `undefined` for any other text. */
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

// One call for random bytes costs more than the rest of an in-memory append, so one call serves many tags.
const pool = Buffer.alloc(TAG_BYTES * 512);
let poolUsed = pool.length;

/** A new random tag; each append has its own. */
export function newTag(): string {
  if (poolUsed === pool.length) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  poolUsed += TAG_BYTES;
  return pool.toString("base64url", poolUsed - TAG_BYTES, poolUsed);
}
