import type { Cursor, Position } from "@tidemark/protocol";
import { ConnectionError } from "../errors/errors.ts";
import type { Batch } from "./batch.ts";

/**
 * Cursors that must not come again. `mark` is replaced after 1, 2, 4, 8 … steps (Brent's algorithm), so any circle is
 * found after at most three rounds, with two cursors in memory.
 */
export interface Trail {
  /** The first message since the last gap: if it comes again, the server has started over. */
  first?: Cursor | undefined;
  mark?: Cursor | undefined;
  steps: number;
  span: number;
}

export function createTrail(): Trail {
  return { steps: 0, span: 1 };
}

const moves = ({ messages, more }: Batch): boolean => messages.length > 0 || more === true;

/** Record a batch that has passed {@link checkPlace}. */
export function extend(trail: Trail, batch: Batch): void {
  if (batch.cursor === undefined || !moves(batch)) return;
  trail.first ??= batch.messages[0]?.cursor;
  if (++trail.steps < trail.span) return;
  trail.mark = batch.cursor;
  trail.span *= 2;
  trail.steps = 0;
}

/**
 * Check that a batch answers the requested position.
 *
 * @throws ConnectionError if it moves without moving its cursor, or if it repeats a message or a cursor.
 */
export function checkPlace(batch: Batch, asked: Position, { first, mark }: Trail): void {
  const { messages, cursor, gap } = batch;
  if (!moves(batch)) return;
  const cursors = new Set(messages.map((message) => message.cursor));
  const isBehind = cursor === asked || cursor === mark || cursors.has(asked) || cursors.has(first ?? asked);
  if (cursors.size < messages.length || (gap === undefined && cursor !== undefined && isBehind))
    throw new ConnectionError("misplaced", `the answer begins before the requested position ${asked}`);
}
