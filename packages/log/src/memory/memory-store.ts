import { ProtocolError } from "@tidemark/protocol";
import { formatLogCursor } from "../log-cursor.ts";
import { RememberedAppends } from "./remembered-appends.ts";
import { RetainedMessages } from "./retained-messages.ts";
import { ZeroPositions } from "./zero-positions.ts";

/** One incarnation of a channel. */
export interface ChannelState {
  readonly epoch: string;
  readonly retained: RetainedMessages;
  closed: boolean;
}

/** The bounds of a {@link MemoryStore}. */
export interface StoreBounds {
  readonly maxChannels: number;
  readonly maxKeys: number;
  readonly maxRemoved: number;
  readonly keyTtlMs: number;
}

/** What a log in memory keeps: what the engine is to other logs. */
export class MemoryStore {
  readonly appends: RememberedAppends;
  readonly #channels = new Map<string, ChannelState>();
  readonly #zeros: ZeroPositions;
  readonly #maxChannels: number;

  constructor({ maxChannels, maxKeys, maxRemoved, keyTtlMs }: StoreBounds) {
    this.appends = new RememberedAppends(keyTtlMs, maxKeys);
    this.#zeros = new ZeroPositions(maxRemoved);
    this.#maxChannels = maxChannels;
  }

  /** The channel as it stands: an empty one, not kept, where nothing was written. */
  get(channel: string): ChannelState {
    return this.#channels.get(channel) ?? this.#empty(channel);
  }

  /** Keep a channel that {@link get} made. @throws ProtocolError `storage-full` where there is no room for one more. */
  keep(channel: string, state: ChannelState): void {
    if (this.#channels.size >= this.#maxChannels && !this.#channels.has(channel)) {
      throw new ProtocolError("storage-full", `There is room for ${this.#maxChannels} channels only`);
    }
    this.#channels.set(channel, state);
  }

  /** Forget a channel; it begins in another epoch if it comes again. */
  remove(channel: string): boolean {
    const existed = this.#channels.delete(channel);
    if (existed) this.#zeros.renew(channel);
    return existed;
  }

  #empty(channel: string): ChannelState {
    const { epoch, tag } = this.#zeros.of(channel);
    const start = formatLogCursor({ epoch, seq: 0, tag });
    return { epoch, retained: new RetainedMessages(start, 0), closed: false };
  }
}
