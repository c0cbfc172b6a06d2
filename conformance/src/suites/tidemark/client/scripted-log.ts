import { randomBytes } from "node:crypto";

/** A message of a scripted channel. */
export interface ScriptedMessage {
  readonly cursor: string;
  /** Absent for `message`. */
  readonly event?: string;
  /** The JSON text of its data. */
  readonly json: string;
}

/** Part of all data and different in each run: a client cannot deliver a message that it has not read. */
const SECRET = randomBytes(4).toString("hex");

/**
 * `count` messages with the cursors `prefix-1`, … Their data differ and contain characters of every length in UTF-8.
 */
export function numbered(count: number, prefix = "M", from = 1): ScriptedMessage[] {
  return Array.from({ length: count }, (_, index) => {
    const n = from + index;
    return {
      cursor: `${prefix}-${n}`,
      ...(n % 3 === 0 ? { event: "third" } : {}),
      json: JSON.stringify({ n, text: `aé€😀${SECRET}` }),
    };
  });
}
