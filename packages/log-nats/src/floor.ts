import type { Retention } from "@tidemark/log/parts";
import { endOf, messagesAfter, type OldestRecord, type StoredRecord, sizeOf } from "./record.ts";

/** The beginning of the messages that a channel retains. */
export interface Floor {
  /** The dropped messages of the epoch, and their bytes. */
  readonly seq: number;
  readonly bytes: number;
  /** The record with the oldest retained message. */
  readonly oldest: OldestRecord;
}

/** The end of a channel: the messages and bytes of the epoch. */
export interface End {
  readonly seq: number;
  readonly bytes: number;
}

/** The record with this number, or the next one of the channel. */
export type NextRecord = (number: number) => Promise<StoredRecord | undefined>;

/** The most records that one step reads. A lowered bound is reached in several steps. */
const MAX_STEP = 64;

/** The floor that a record was written with. */
export function floorOf({ floor, floorBytes, oldest, number, timeMs }: StoredRecord): Floor {
  return { seq: floor, bytes: floorBytes, oldest: oldest ?? { number, timeMs } };
}

/** The end after a record. */
export function endAfter(record: StoredRecord): End {
  return { seq: endOf(record), bytes: record.baseBytes + record.bytes };
}

/**
 * Raise a floor to what retention drops at this time: by count, by bytes (sparing the newest message), and by
 * age.
 */
export async function raiseFloor(
  floor: Floor,
  end: End,
  retention: Retention,
  nowMs: number,
  next: NextRecord,
): Promise<Floor> {
  const oldestMs = nowMs - retention.maxAgeMs;
  let raised = floor;
  for (let step = 0; isBeyond(raised, end, raised.oldest.timeMs, retention, oldestMs); step++) {
    const record = await next(raised.oldest.number);
    if (record === undefined) return raised;
    raised = { ...raised, oldest: { number: record.number, timeMs: record.timeMs } };
    if (step === MAX_STEP) return raised;
    raised = dropFrom(record, raised, end, retention, oldestMs);
    if (raised.seq < endOf(record)) return raised;
    // The next record's time is unknown until it is read. Until then assume that it is as old as this one.
    raised = { ...raised, oldest: { number: record.number + 1, timeMs: record.timeMs } };
  }
  return raised;
}

function isBeyond(
  floor: { readonly seq: number; readonly bytes: number },
  end: End,
  timeMs: number,
  { maxMessages, maxBytes }: Retention,
  oldestMs: number,
): boolean {
  const count = end.seq - floor.seq;
  if (count <= 0) return false;
  return count > maxMessages || (count > 1 && end.bytes - floor.bytes > maxBytes) || timeMs < oldestMs;
}

function dropFrom(
  record: StoredRecord,
  floor: Floor,
  end: End,
  retention: Retention,
  oldestMs: number,
): Floor {
  let { seq, bytes } = floor;
  for (const message of messagesAfter(record, seq)) {
    if (!isBeyond({ seq, bytes }, end, record.timeMs, retention, oldestMs)) break;
    seq += 1;
    bytes += sizeOf(message);
  }
  return { ...floor, seq, bytes };
}
