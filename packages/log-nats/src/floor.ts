import type { Retention } from "@tidemark/log/parts";
import { endOf, messagesAfter, type OldestRecord, type StoredRecord, sizeOf } from "./record.ts";

/** Where what a channel retains begins. */
export interface Floor {
  /** Messages of the epoch that were dropped, and their bytes. */
  readonly seq: number;
  readonly bytes: number;
  /** The record that holds the next one. */
  readonly oldest: OldestRecord;
}

/** The end of a channel: messages and bytes of the epoch. */
export interface End {
  readonly seq: number;
  readonly bytes: number;
}

/** The record with this number, or the next one of the channel. */
export type NextRecord = (number: number) => Promise<StoredRecord | undefined>;

/** Records that one step looks at, at most: a bound that was lowered is reached in several. */
const MAX_STEP = 64;

/** The floor as a record was written with. */
export function floorOf({ floor, floorBytes, oldest, number, timeMs }: StoredRecord): Floor {
  return { seq: floor, bytes: floorBytes, oldest: oldest ?? { number, timeMs } };
}

/** The end after a record. */
export function endAfter(record: StoredRecord): End {
  return { seq: endOf(record), bytes: record.baseBytes + record.bytes };
}

/** Raise a floor to where retention has it at this time of NATS: by count, by bytes (which spare the newest message), and by age. */
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
    // Whatever comes next has its time told when it is read; until then it is taken for as old as this one.
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
