import {
  type Cursor,
  type Position,
  ProtocolError,
  type RawDraft,
  type RawMessage,
  type RawPage,
} from "@tidemark/protocol";
import type { Appended, AppendOptions, Log, ReadOptions, Unwatch } from "./log.ts";
import { formatLogCursor, newTag, parseLogCursor } from "./log-cursor.ts";
import { type ChannelState, MemoryStore } from "./memory/memory-store.ts";
import { atLeast, type Retention, type RetentionOptions, resolveRetention } from "./memory/retention.ts";
import { Watchers } from "./memory/watchers.ts";
import { closedError, gapError, notAtEndError } from "./refusals.ts";

const DAY_MS = 86_400_000;

/** Options of {@link MemoryLog}. */
export interface MemoryLogOptions {
  /** What each channel keeps; checked at every append and read of it. */
  readonly retention?: RetentionOptions;
  /** How long an idempotency key is remembered, in milliseconds. @defaultValue 86_400_000 (a day) */
  readonly keyTtlMs?: number;
  /** Keys remembered over all channels; beyond it the oldest is forgotten before its time. @defaultValue 100_000 */
  readonly maxKeys?: number;
  /** Written channels kept until removed; beyond it an append to one more is `storage-full`. @defaultValue 100_000 */
  readonly maxChannels?: number;
  /** Removals remembered; beyond it the readers of empty channels get a gap. @defaultValue 100_000 */
  readonly maxRemoved?: number;
  /** Milliseconds that never go back. @defaultValue `performance.now` */
  readonly now?: () => number;
}

/**
 * The log in memory: gone with its process, and then every cursor is a gap.
 *
 * Each step is synchronous inside, hence atomic. Wake-ups come in a microtask, after the change is readable and
 * before the append that made it is awaited.
 */
export class MemoryLog implements Log {
  readonly #retention: Retention;
  readonly #now: () => number;
  readonly #store: MemoryStore;
  readonly #watchers = new Watchers();
  #disposed = false;

  /** `store` lets the contract lose and restart what a log keeps. @internal */
  constructor(options: MemoryLogOptions = {}, store: MemoryStore = createStore(options)) {
    const { retention, now = () => performance.now() } = options;
    this.#retention = resolveRetention(retention);
    this.#now = now;
    this.#store = store;
  }

  async append(channel: string, drafts: readonly RawDraft[], options: AppendOptions = {}): Promise<Appended> {
    this.#assertLive();
    const { key, after, close = false } = options;
    const nowMs = this.#now();
    const state = this.#store.get(channel);
    const replay = key && this.#store.appends.recall(state.epoch, key, nowMs);
    if (replay) return replay;
    if (state.closed && drafts.length > 0) throw closedError(state.retained.end);
    if (after !== undefined && after !== state.retained.end) throw notAtEndError(state.retained.end);
    const changes = drafts.length > 0 || (close && !state.closed);
    if (changes) this.#store.keep(channel, state); // the last step that can refuse
    const tag = newTag();
    const cursors = write(state, drafts, tag, nowMs);
    if (close) state.closed = true;
    const { closed, epoch, retained } = state;
    const { end: cursor, endSeq } = retained;
    const written = { epoch, tag, endSeq, count: drafts.length, cursor, closed };
    if (key) this.#store.appends.remember(key, written, nowMs);
    if (changes) this.#watchers.wake(channel);
    retained.trim(this.#retention, nowMs);
    return { cursors, cursor, closed, replayed: false };
  }

  async read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
    this.#assertLive();
    const { maxMessages, maxBytes = Number.POSITIVE_INFINITY } = options;
    atLeast(1, maxMessages, "maxMessages");
    const state = this.#store.get(channel);
    const { retained, closed } = state;
    retained.trim(this.#retention, this.#now());
    const offset = this.locate(state, from);
    const messages = retained.slice(offset, maxMessages, maxBytes);
    const reached = offset + messages.length;
    const more = reached < retained.length;
    return {
      messages,
      from: retained.cursorAt(offset),
      cursor: retained.cursorAt(reached),
      more,
      closed: closed && !more,
    };
  }

  revision(channel: string): string | undefined {
    if (this.#disposed) return undefined;
    const { retained, closed } = this.#store.get(channel);
    retained.trim(this.#retention, this.#now());
    return `${retained.start} ${retained.end}${closed ? "!" : ""}`;
  }

  async watch(channel: string, wake: () => void): Promise<Unwatch> {
    this.#assertLive();
    const end = this.#watchers.add(channel, wake);
    return async () => end();
  }

  async remove(channel: string): Promise<boolean> {
    this.#assertLive();
    const existed = this.#store.remove(channel);
    if (existed) this.#watchers.wake(channel);
    return existed;
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#watchers.clear();
  }

  /** How many retained messages stand before `from`. @throws ProtocolError `gap` @internal */
  protected locate({ epoch, retained }: ChannelState, from: Position): number {
    if (from === "start") return 0;
    if (from === "end") return retained.length;
    const cursor = parseLogCursor(from);
    if (cursor === undefined) throw gapError("unknown", from, retained);
    if (cursor.epoch !== epoch) throw gapError("epoch", from, retained);
    if (cursor.seq < retained.startSeq) throw gapError("retention", from, retained);
    if (cursor.seq > retained.endSeq) throw gapError("ahead", from, retained);
    const offset = cursor.seq - retained.startSeq;
    // The tag is compared with all the rest: another append at this place is another history.
    if (retained.cursorAt(offset) !== from) throw gapError("epoch", from, retained);
    return offset;
  }

  #assertLive(): void {
    if (this.#disposed) throw new ProtocolError("unavailable", "The log is disposed of");
  }
}

/** Put the drafts behind the end, each at a position of its own. Cannot fail. */
function write(
  { epoch, retained }: ChannelState,
  drafts: readonly RawDraft[],
  tag: string,
  nowMs: number,
): Cursor[] {
  return drafts.map(({ event, json }) => {
    const cursor = formatLogCursor({ epoch, seq: retained.endSeq + 1, tag });
    const message: RawMessage = event === undefined ? { cursor, json } : { cursor, event, json };
    retained.push(message, nowMs);
    return cursor;
  });
}

/** An empty store with the bounds of these options. @internal */
export function createStore(options: MemoryLogOptions): MemoryStore {
  const { keyTtlMs = DAY_MS, maxKeys = 100_000, maxChannels = 100_000, maxRemoved = 100_000 } = options;
  return new MemoryStore({
    keyTtlMs: atLeast(0, keyTtlMs, "keyTtlMs"),
    maxKeys: atLeast(1, maxKeys, "maxKeys"),
    maxChannels: atLeast(1, maxChannels, "maxChannels"),
    maxRemoved: atLeast(1, maxRemoved, "maxRemoved"),
  });
}
