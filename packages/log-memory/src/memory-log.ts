import {
  type Appended,
  type AppendOptions,
  closedError,
  formatLogCursor,
  gapError,
  type Log,
  newTag,
  notAtEndError,
  parseLogCursor,
  type ReadOptions,
  type Unwatch,
} from "@tidemark/log";
import { atLeast, type Retention, resolveRetention, Watchers } from "@tidemark/log/parts";
import {
  type Cursor,
  type Position,
  ProtocolError,
  type RawDraft,
  type RawMessage,
  type RawPage,
} from "@tidemark/protocol";
import { createStore, type MemoryLogOptions } from "./memory-log-options.ts";
import type { ChannelState, MemoryStore } from "./store/memory-store.ts";
import { sizeOf } from "./store/retained-messages.ts";
import { CHANNEL_BYTES, KEY_BYTES, MESSAGE_BYTES } from "./store/room.ts";

/** The shortest time between two sweeps of all channels for something to evict, in milliseconds. */
const SWEEP_MS = 1_000;

/**
 * The in-memory log. Its messages are lost when the process ends, and then every cursor is a gap.
 *
 * Each operation is synchronous internally, hence atomic. Wake-ups come in a microtask, after the change is
 * readable and before the append resolves.
 */
export class MemoryLog implements Log {
  readonly #retention: Retention;
  readonly #now: () => number;
  readonly #store: MemoryStore;
  readonly #watchers = new Watchers();
  #disposed = false;
  #sweptMs = Number.NEGATIVE_INFINITY;

  /** `store` lets the contract tests lose messages and restart the log. @internal */
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
    if (changes || key) this.#makeRoom({ channel, state, drafts, key, changes }, nowMs);
    if (changes) this.#store.keep(channel, state); // the last step that can throw
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

  /** The number of retained messages before `from`. @throws ProtocolError `gap` @internal */
  protected locate({ epoch, retained }: ChannelState, from: Position): number {
    if (from === "start") return 0;
    if (from === "end") return retained.length;
    const cursor = parseLogCursor(from);
    if (cursor === undefined) throw gapError("unknown", from, retained);
    if (cursor.epoch !== epoch) throw gapError("epoch", from, retained);
    if (cursor.seq < retained.startSeq) throw gapError("retention", from, retained);
    if (cursor.seq > retained.endSeq) throw gapError("ahead", from, retained);
    const offset = cursor.seq - retained.startSeq;
    // Compare the tag too: a different append at this position means a different history.
    if (retained.cursorAt(offset) !== from) throw gapError("epoch", from, retained);
    return offset;
  }

  /**
   * @throws ProtocolError `storage-full` if an append needs more than is free after evicting what can be
   * evicted
   */
  #makeRoom(append: Write, nowMs: number): void {
    const store = this.#store;
    if (store.hasPlace && store.room.has(mostOf(append))) return; // the common case: no text is measured
    if (this.#fits(append, nowMs)) return;
    this.#sweep(append.channel, nowMs);
    if (this.#fits(append, nowMs)) return;
    const { room, maxChannels } = store;
    const bound = store.hasPlaceFor(append.channel) ? `${room.maxBytes} bytes` : `${maxChannels} channels`;
    throw new ProtocolError("storage-full", `The log is full: it keeps at most ${bound}`);
  }

  #fits({ channel, state, drafts, key, changes }: Write, nowMs: number): boolean {
    const store = this.#store;
    if (changes && !store.hasPlaceFor(channel)) return false;
    const data = drafts.reduce((sum, draft) => sum + sizeOf(draft), 0);
    const cost = changes ? store.costOf(channel) + drafts.length * MESSAGE_BYTES + data : 0;
    const bytes = cost + (key === undefined ? 0 : store.appends.costOf(state.epoch, key));
    // The messages that retention drops because of this append free space for it.
    const { room } = store;
    return (
      room.has(bytes) || room.has(bytes - state.retained.freedBy(this.#retention, nowMs, drafts.length, data))
    );
  }

  /** Drop expired messages and keys in all channels, and evict channels that are empty and not watched. */
  #sweep(present: string, nowMs: number): void {
    if (nowMs - this.#sweptMs < SWEEP_MS) return;
    this.#sweptMs = nowMs;
    this.#store.appends.forget(nowMs);
    this.#store.forgetEmpty((channel, { retained }) => {
      retained.trim(this.#retention, nowMs);
      return channel !== present && !this.#watchers.has(channel);
    });
  }

  #assertLive(): void {
    if (this.#disposed) throw new ProtocolError("unavailable", "The log is disposed of");
  }
}

/** An append that is about to be written. */
interface Write {
  readonly channel: string;
  readonly state: ChannelState;
  readonly drafts: readonly RawDraft[];
  readonly key: AppendOptions["key"];
  readonly changes: boolean;
}

/**
 * An upper bound of the bytes that an append needs: a UTF-16 code unit takes at most three bytes in UTF-8.
 */
function mostOf({ channel, state, drafts, key }: Write): number {
  let chars = 0;
  for (const { json, event } of drafts) chars += json.length + (event === undefined ? 0 : event.length);
  const name = key === undefined ? 0 : KEY_BYTES + state.epoch.length + 1 + key.id.length;
  return 3 * chars + drafts.length * MESSAGE_BYTES + CHANNEL_BYTES + channel.length + name;
}

/** Append the drafts, each at its own position. Cannot fail. */
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
