import { EventStreamReader, type FieldLine } from "../../../engine/wire/event-stream.ts";
import type { Exchange } from "../../../engine/wire/exchange.ts";

/** So much later than the data, a blank line is late. A network may join two writes, but not for so long. */
const LATE_MS = 250;

/** Bytes behind this place are not looked at. */
const MOST_BYTES = 4 * 1_048_576;

/** When the blank lines came that end events. */
export interface BlankLines {
  /** Events whose blank line came in one piece with the beginning of the next event, late. */
  readonly late: number;
  /** Events that are complete. */
  readonly complete: number;
  /** How long data has been waiting for its blank line when the last bytes came, or now; 0 if none waits. */
  readonly waitingMs: number;
}

/** Look at the bytes in the pieces in which they came. */
export function blankLinesOf({ body, elapsedMs, endedAtMs }: Exchange): BlankLines {
  const reader = new EventStreamReader();
  let since: number | undefined;
  let [late, seen, bytes] = [0, 0, 0];
  for (const chunk of body) {
    bytes += chunk.bytes.length;
    if (bytes > MOST_BYTES) return { late, complete: seen, waitingMs: 0 };
    reader.push(chunk.bytes, chunk.atMs);
    const isComplete = reader.blocks.length > seen;
    const begun = since;
    if (isComplete) since = undefined;
    since ??= hasData(reader.unfinished) ? chunk.atMs : undefined;
    if (isComplete && begun !== undefined && since !== undefined && chunk.atMs - begun >= LATE_MS) late += 1;
    seen = reader.blocks.length;
  }
  const now = endedAtMs ?? elapsedMs;
  return { late, complete: seen, waitingMs: since === undefined ? 0 : now - since };
}

/** Whether a part of an event has `data`, or could have it if its line breaks were not escaped. */
function hasData(lines: readonly FieldLine[]): boolean {
  return lines.some(({ name, value }) => name === "data" || /\\ndata:/.test(value));
}
