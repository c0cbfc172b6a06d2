import { randomBytes } from "node:crypto";

/** A message of a scripted channel. */
export interface ScriptedMessage {
  readonly cursor: string;
  /** Absent for `message`. */
  readonly event?: string;
  /** The JSON text of its data. */
  readonly json: string;
}

/** Is in the data of every run's messages: who has not read them cannot hand them on. */
const SECRET = randomBytes(4).toString("hex");

/** So many messages with the cursors `prefix-1`, … and data that tell them apart, with characters of all lengths in UTF-8. */
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
