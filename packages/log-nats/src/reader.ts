import { gapError, parseLogCursor, type ReadOptions } from "@tidemark/log";
import type { EngineClock, Retention } from "@tidemark/log/parts";
import type { Cursor, GapReason, Position, RawMessage, RawPage } from "@tidemark/protocol";
import { unavailable } from "./failures.ts";
import { endAfter, type Floor, floorOf, raiseFloor } from "./floor.ts";
import { PageMessages } from "./page-messages.ts";
import {
  cursorAfter,
  cursorIn,
  endOf,
  messagesAfter,
  recordNumber,
  type StoredRecord,
  tagAfter,
} from "./record.ts";
import type { Store } from "./store.ts";

/** Up to this many records are requested one by one; for more, a consumer is created. */
const ONE_BY_ONE = 3;

/** The attempts of a read whose records are purged meanwhile. */
const ATTEMPTS = 5;

/** A position in a channel: in or before an existing record. */
interface Place {
  readonly cursor: Cursor;
  readonly seq: number;
  readonly record: StoredRecord;
}

/** The state of a channel at one moment. */
interface Extent {
  readonly last: StoredRecord;
  readonly floor: Floor;
  /** The record that the requested cursor names. */
  readonly named: StoredRecord | undefined;
}

/** A message that was not found, although the channel's last record says that it is retained. */
interface Missing {
  readonly seq: number;
  readonly epoch: string;
  /** The message is in the channel's first record from this number on. */
  readonly number: number;
  readonly isHeldBy: (record: StoredRecord) => boolean;
}

/**
 * Reads pages. The last record has the channel's end, and a cursor names the record that contains its
 * position.
 */
export class Reader {
  readonly #store: Store;
  readonly #retention: Retention;
  readonly #clock: EngineClock;

  constructor(store: Store, retention: Retention, clock: EngineClock) {
    this.#store = store;
    this.#retention = retention;
    this.#clock = clock;
  }

  async read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
    let missed: Missing | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const extent = await this.#extent(channel, from);
      const { last, floor } = extent;
      // Retention records a drop in the last record before it purges, so a retained message was deleted by
      // hand.
      const isRetained = missed?.epoch === last.epoch && missed.seq >= floor.seq;
      if (missed && isRetained && (await this.#isLost(channel, missed, last))) {
        await this.#store.declareLost(channel, last);
        missed = undefined;
        continue;
      }
      const page = await this.#page(channel, from, options, extent);
      if (!("seq" in page)) return page;
      missed = page;
    }
    throw unavailable("The channel changes faster than it can be read");
  }

  /**
   * Whether the stream's leader confirms that the message is gone: the channel's next record at the leader
   * does not contain it. No answer, or one that contradicts the last record, proves nothing.
   */
  async #isLost(channel: string, { number, isHeldBy }: Missing, last: StoredRecord): Promise<boolean> {
    const next = await this.#store.nextAtLeader(channel, number);
    return next !== undefined && next.number <= last.number && !isHeldBy(next);
  }

  async #extent(channel: string, from: Position): Promise<Extent> {
    const number = numberIn(from);
    const [last, named] = await Promise.all([
      this.#store.last(channel),
      number > 0 ? this.#store.at(channel, number) : undefined,
    ]);
    const next = (at: number): Promise<StoredRecord | undefined> => this.#store.next(channel, at);
    const nowMs = this.#clock.now();
    const floor = await raiseFloor(floorOf(last), endAfter(last), this.#retention, nowMs, next);
    return { last, named, floor };
  }

  /** @throws ProtocolError `gap` */
  async #page(
    channel: string,
    from: Position,
    options: ReadOptions,
    extent: Extent,
  ): Promise<RawPage | Missing> {
    const { last, floor } = extent;
    const end = cursorAfter(last);
    if (from === "end" || from === end || (from === "start" && floor.seq === endOf(last)))
      return { messages: [], from: end, cursor: end, more: false, closed: last.closed };
    const place = placeIn(from, extent) ?? (await this.#placeAtOldest(channel, from, extent));
    if (!("cursor" in place)) return place;
    const messages = await this.#messages(channel, place, options, last);
    if (!("length" in messages)) return messages;
    const cursor = messages.at(-1)?.cursor ?? place.cursor;
    const more = cursor !== end;
    return { messages, from: place.cursor, cursor, more, closed: last.closed && !more };
  }

  /**
   * Resolve a position before or in the oldest retained record. @throws ProtocolError `gap` if it is not
   * there
   */
  async #placeAtOldest(channel: string, from: Position, extent: Extent): Promise<Place | Missing> {
    const { last, floor } = extent;
    const { epoch } = last;
    const isEmpty = floor.seq === endOf(last);
    const oldest = isEmpty ? last : await this.#store.next(channel, floor.oldest.number);
    const isHeldBy = (record: StoredRecord): boolean => holds(record, floor.seq, epoch);
    if (oldest === undefined || (!isEmpty && !isHeldBy(oldest)))
      return { seq: floor.seq, epoch, number: floor.oldest.number, isHeldBy };
    const start = cursorIn(oldest, floor.seq);
    if (from === "start") return { cursor: start, seq: floor.seq, record: oldest };
    const reason = gapReason(from, extent);
    const seq = parseLogCursor(from)?.seq ?? 0;
    if (reason !== "retention" && seq <= endOf(oldest) && cursorIn(oldest, seq) === from)
      return { cursor: from, seq, record: oldest };
    throw gapError(reason, from, { start, end: cursorAfter(last) });
  }

  async #messages(
    channel: string,
    { seq, record }: Place,
    { maxMessages, maxBytes = Number.POSITIVE_INFINITY }: ReadOptions,
    last: StoredRecord,
  ): Promise<RawMessage[] | Missing> {
    const page = new PageMessages(maxMessages, maxBytes);
    page.add(messagesAfter(record, seq));
    let reached = record;
    const take = (next: StoredRecord): boolean => {
      reached = next;
      page.add(messagesAfter(next, next.base));
      return !page.full && next.number < last.number;
    };
    while (!page.full && reached.number < last.number) {
      const before = reached;
      await this.#following(channel, reached, page, last, (next) => {
        if (next.number <= reached.number) return true; // delivered twice
        return follows(next, reached) && take(next);
      });
      if (reached !== before) continue;
      // A record missing in a delivery may still exist, so request it by number.
      const next = await this.#store.next(channel, reached.number + 1);
      if (next === undefined || !follows(next, reached)) return missingAfter(reached, last);
      take(next);
    }
    return page.messages;
  }

  /** Fetch the records after a record in the cheaper way: a few one by one, many with a consumer. */
  async #following(
    channel: string,
    reached: StoredRecord,
    page: PageMessages,
    last: StoredRecord,
    take: (record: StoredRecord) => boolean,
  ): Promise<void> {
    if (follows(last, reached)) {
      take(last);
      return;
    }
    const wanted = Math.min(page.wanted, endOf(last) - endOf(reached));
    if (wanted > ONE_BY_ONE) return this.#store.following(channel, reached.number + 1, wanted, take);
    const record = await this.#store.next(channel, reached.number + 1);
    if (record) take(record);
  }
}

/** The number of the record that a cursor names, or 0. */
function numberIn(from: Position): number {
  return recordNumber(parseLogCursor(from)?.tag ?? "") ?? 0;
}

/** Resolve a cursor in the record that it names. */
function placeIn(from: Position, { last, floor, named }: Extent): Place | undefined {
  const seq = parseLogCursor(from)?.seq ?? 0;
  if (named === undefined || named.epoch !== last.epoch || seq < floor.seq) return undefined;
  // Compare the tag too: a different append at this position means a different history.
  const isThere = seq > named.base && seq <= endOf(named) && cursorIn(named, seq) === from;
  return isThere ? { cursor: from, seq, record: named } : undefined;
}

/** The gap reason of an invalid cursor. */
function gapReason(from: Cursor, { last, floor }: Extent): GapReason {
  const asked = parseLogCursor(from);
  if (asked === undefined || recordNumber(asked.tag) === undefined) return "unknown";
  if (asked.epoch !== last.epoch) return "epoch";
  if (asked.seq > endOf(last)) return "ahead";
  return asked.seq < floor.seq ? "retention" : "epoch";
}

function follows(record: StoredRecord, before: StoredRecord): boolean {
  return record.prevTag === tagAfter(before) && record.base === endOf(before);
}

function missingAfter(reached: StoredRecord, { epoch }: StoredRecord): Missing {
  const isHeldBy = (record: StoredRecord): boolean => follows(record, reached);
  return { seq: endOf(reached), epoch, number: reached.number + 1, isHeldBy };
}

function holds(record: StoredRecord, seq: number, epoch: string): boolean {
  return record.epoch === epoch && record.base <= seq && seq <= endOf(record);
}
