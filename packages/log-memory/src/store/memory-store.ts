import { Beginnings } from "./beginnings.ts";
import { RememberedAppends } from "./remembered-appends.ts";
import { RetainedMessages } from "./retained-messages.ts";
import { CHANNEL_BYTES, Room } from "./room.ts";

/** One incarnation of a channel. */
export interface ChannelState {
  readonly epoch: string;
  readonly retained: RetainedMessages;
  closed: boolean;
}

/** The bounds of a {@link MemoryStore}. */
export interface StoreBounds {
  readonly maxChannels: number;
  readonly maxBytes: number;
  readonly maxKeys: number;
  readonly maxRemoved: number;
  readonly keyTtlMs: number;
}

/** The contents of an in-memory log, the counterpart of other logs' engines. */
export class MemoryStore {
  readonly appends: RememberedAppends;
  /** The byte budget of the whole store. */
  readonly room: Room;
  readonly #channels = new Map<string, ChannelState>();
  readonly #beginnings: Beginnings;
  readonly maxChannels: number;

  constructor({ maxChannels, maxBytes, maxKeys, maxRemoved, keyTtlMs }: StoreBounds) {
    this.room = new Room(maxBytes);
    this.appends = new RememberedAppends(keyTtlMs, maxKeys, this.room);
    this.#beginnings = new Beginnings(maxRemoved, this.room);
    this.maxChannels = maxChannels;
  }

  /** The channel's state. For a channel that is not kept, a new empty state, which is not stored. */
  get(channel: string): ChannelState {
    return this.#channels.get(channel) ?? this.#empty(channel);
  }

  /** Whether one more channel can be kept. */
  get hasPlace(): boolean {
    return this.#channels.size < this.maxChannels;
  }

  /** Whether this channel can be kept. */
  hasPlaceFor(channel: string): boolean {
    return this.hasPlace || this.#channels.has(channel);
  }

  /** The overhead of keeping this channel, in bytes, without its messages. */
  costOf(channel: string): number {
    return this.#channels.has(channel) ? 0 : CHANNEL_BYTES + channel.length;
  }

  /**
   * Keep a state that {@link get} returned. The caller has checked that there is a place and space for it.
   */
  keep(channel: string, state: ChannelState): void {
    const kept = this.#channels.get(channel);
    if (kept === state) return;
    this.room.take(this.costOf(channel));
    kept?.retained.dropOldest(kept.retained.length);
    this.#beginnings.drop(channel);
    this.#channels.set(channel, state);
  }

  /** Remove a channel. If it is written again, it begins in a new epoch. */
  remove(channel: string): boolean {
    const { seq, closed } = this.#beginnings.of(channel); // an evicted channel was written too
    const existed = this.#release(channel) || seq > 0 || closed;
    if (existed) this.#beginnings.renew(channel);
    return existed;
  }

  /** Evict the empty channels for which `isForgotten` returns true. They continue at their positions. */
  forgetEmpty(isForgotten: (channel: string, state: ChannelState) => boolean): void {
    for (const [channel, state] of this.#channels) {
      if (!isForgotten(channel, state) || state.retained.length > 0) continue;
      const { epoch, retained, closed } = state;
      this.#release(channel);
      this.#beginnings.continue(channel, { epoch, seq: retained.endSeq, cursor: retained.end, closed });
    }
  }

  #release(channel: string): boolean {
    const state = this.#channels.get(channel);
    if (state === undefined) return false;
    state.retained.dropOldest(state.retained.length);
    this.#channels.delete(channel);
    this.room.give(this.costOf(channel));
    return true;
  }

  #empty(channel: string): ChannelState {
    const { epoch, seq, cursor, closed } = this.#beginnings.of(channel);
    return { epoch, retained: new RetainedMessages(cursor, seq, this.room), closed };
  }
}
