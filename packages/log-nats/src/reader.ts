import { gapError, parseLogCursor, type ReadOptions } from "@tidemark/log";
import type { Retention } from "@tidemark/log/parts";
import type { Cursor, GapReason, Position, RawMessage, RawPage } from "@tidemark/protocol";
import { unavailable } from "./failures.ts";
import { endAfter, type Floor, floorOf, raiseFloor } from "./floor.ts";
import {
  cursorAfter,
  cursorIn,
  endOf,
  messagesAfter,
  recordNumber,
  type StoredRecord,
  sizeOf,
  tagAfter,
} from "./record.ts";
import type { Store } from "./store.ts";

/** Records that are asked for one by one, before a consumer is made for the rest of the page. */
const ONE_BY_ONE = 3;

/** Attempts of a read under which records are purged. */
const ATTEMPTS = 5;

/** A position in a channel: in or before a record that stands. */
interface Place {
  readonly cursor: Cursor;
  readonly seq: number;
  readonly record: StoredRecord;
}

/** A channel as one look finds it. */
interface Extent {
  readonly last: StoredRecord;
  readonly floor: Floor;
  /** The record that the asked cursor names. */
  readonly named: StoredRecord | undefined;
}

/** A message that is not there, though the channel's last record says that it is retained. */
interface Missing {
  readonly seq: number;
  readonly epoch: string;
}

/** Reads: the last record says where the channel ends, a cursor names the record that it stands in. */
export class Reader {
  readonly #store: Store;
  readonly #retention: Retention;

  constructor(store: Store, retention: Retention) {
    this.#store = store;
    this.#retention = retention;
  }

  async read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
    let missed: Missing | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const extent = await this.#extent(channel, from);
      const { last, floor } = extent;
      if (missed?.epoch === last.epoch && missed.seq >= floor.seq) {
        // Retention tells in the last record what it drops, before it does: this was somebody else.
        await this.#store.beginAnew(channel, last);
        continue;
      }
      const page = await this.#page(channel, from, options, extent);
      if (!("seq" in page)) return page;
      missed = page;
    }
    throw unavailable("The channel changes faster than it is read");
  }

  async #extent(channel: string, from: Position): Promise<Extent> {
    const number = numberIn(from);
    const [last, named] = await Promise.all([
      this.#store.last(channel),
      number > 0 ? this.#store.at(channel, number) : undefined,
    ]);
    const next = (at: number): Promise<StoredRecord | undefined> => this.#store.next(channel, at);
    return { last, named, floor: await raiseFloor(floorOf(last), endAfter(last), this.#retention, next) };
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

  /** The place before or in the oldest record retained. @throws ProtocolError `gap` if it is not there */
  async #placeAtOldest(channel: string, from: Position, extent: Extent): Promise<Place | Missing> {
    const { last, floor } = extent;
    const { epoch } = last;
    const isEmpty = floor.seq === endOf(last);
    const oldest = isEmpty ? last : await this.#store.next(channel, floor.oldest.number);
    if (oldest === undefined || (!isEmpty && !holds(oldest, floor.seq, epoch)))
      return { seq: floor.seq, epoch };
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
    while (!page.full && reached.number < last.number) {
      const before = reached;
      let isMissing = false;
      await this.#following(channel, reached, page, last, (next) => {
        isMissing = !follows(next, reached);
        if (isMissing) return false;
        reached = next;
        page.add(messagesAfter(next, next.base));
        return !page.full && next.number < last.number;
      });
      if (isMissing || reached === before) return { seq: endOf(reached), epoch: last.epoch };
    }
    return page.messages;
  }

  /** What follows a record, as cheaply as it is asked for: a few one by one, many by a consumer. */
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

/** The number of the record that a cursor names, 0 for none. */
function numberIn(from: Position): number {
  return recordNumber(parseLogCursor(from)?.tag ?? "") ?? 0;
}

/** The place in the record that the cursor names. */
function placeIn(from: Position, { last, floor, named }: Extent): Place | undefined {
  const seq = parseLogCursor(from)?.seq ?? 0;
  if (named === undefined || named.epoch !== last.epoch || seq < floor.seq) return undefined;
  // The tag is compared with all the rest: another append at this place is another history.
  const isThere = seq > named.base && seq <= endOf(named) && cursorIn(named, seq) === from;
  return isThere ? { cursor: from, seq, record: named } : undefined;
}

/** Why a cursor cannot be gone on from, if it cannot. */
function gapReason(from: Cursor, { last, floor }: Extent): GapReason {
  const asked = parseLogCursor(from);
  if (asked === undefined || recordNumber(asked.tag) === undefined) return "unknown";
  if (asked.epoch !== last.epoch) return "epoch";
  if (asked.seq > endOf(last)) return "ahead";
  return asked.seq < floor.seq ? "retention" : "epoch";
}

/** Messages of a page as they come, up to its bounds; the first one counts against neither. */
class PageMessages {
  readonly messages: RawMessage[] = [];
  readonly #maxMessages: number;
  readonly #maxBytes: number;
  #bytes = 0;
  full = false;

  constructor(maxMessages: number, maxBytes: number) {
    this.#maxMessages = maxMessages;
    this.#maxBytes = maxBytes;
  }

  /** How many more it may hold. */
  get wanted(): number {
    return this.#maxMessages - this.messages.length;
  }

  add(messages: Iterable<RawMessage>): void {
    for (const message of messages) {
      const bytes = this.#bytes + sizeOf(message);
      this.full ||= this.messages.length > 0 && (this.wanted < 1 || bytes > this.#maxBytes);
      if (this.full) return;
      this.messages.push(message);
      this.#bytes = bytes;
      if (this.wanted < 1) break;
    }
    this.full = this.wanted < 1;
  }
}

function follows(record: StoredRecord, before: StoredRecord): boolean {
  return record.prevTag === tagAfter(before) && record.base === endOf(before);
}

function holds(record: StoredRecord, seq: number, epoch: string): boolean {
  return record.epoch === epoch && record.base <= seq && seq <= endOf(record);
}
