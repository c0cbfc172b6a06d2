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

/** What a log in memory keeps: what the engine is to other logs. */
export class MemoryStore {
  readonly appends: RememberedAppends;
  /** What everything here takes its bytes from. */
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

  /** The channel as it stands: an empty one, not kept, where nothing was written. */
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

  /** The bytes that keeping this channel takes, beside its messages. */
  costOf(channel: string): number {
    return this.#channels.has(channel) ? 0 : CHANNEL_BYTES + channel.length;
  }

  /** Keep a channel that {@link get} made. There has to be a place and room for it. */
  keep(channel: string, state: ChannelState): void {
    const kept = this.#channels.get(channel);
    if (kept === state) return;
    this.room.take(this.costOf(channel));
    kept?.retained.dropOldest(kept.retained.length);
    this.#beginnings.drop(channel);
    this.#channels.set(channel, state);
  }

  /** Forget a channel; it begins in another epoch if it comes again. */
  remove(channel: string): boolean {
    const { seq, closed } = this.#beginnings.of(channel); // a forgotten one was written too
    const existed = this.#release(channel) || seq > 0 || closed;
    if (existed) this.#beginnings.renew(channel);
    return existed;
  }

  /** Forget the channels for which this says so. They have no messages, and go on where they are. */
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
