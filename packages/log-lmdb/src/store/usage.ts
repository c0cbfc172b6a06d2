import { ProtocolError } from "@tidemark/protocol";

/** The bounds of all channels together. */
export interface UsageBounds {
  /** @defaultValue no bound */
  readonly maxChannels?: number | undefined;
  /** @defaultValue no bound */
  readonly maxBytes?: number | undefined;
}

/** The number of channels and their bytes. */
export interface UsedRoom {
  readonly channels: number;
  readonly bytes: number;
}

/** Counts channels and their bytes. Each transaction's changes are settled or undone. */
export class Usage {
  readonly #bounds: Required<{ [Bound in keyof UsageBounds]: number }>;
  #settled: UsedRoom;
  #present: UsedRoom;

  constructor({ maxChannels, maxBytes }: UsageBounds, measure: () => UsedRoom) {
    const none = Number.POSITIVE_INFINITY;
    this.#bounds = { maxChannels: maxChannels ?? none, maxBytes: maxBytes ?? none };
    this.#settled = measure();
    this.#present = this.#settled;
  }

  /** Whether bytes are bounded. */
  get boundsBytes(): boolean {
    return this.#bounds.maxBytes !== Number.POSITIVE_INFINITY;
  }

  /** @throws ProtocolError `storage-full` if adding this many channels and bytes exceeds a bound */
  assertRoom(channels: number, bytes: number): void {
    const { maxChannels, maxBytes } = this.#bounds;
    if (channels > 0 && this.#present.channels + channels > maxChannels)
      throw new ProtocolError("storage-full", `The log is full: it keeps at most ${maxChannels} channels`);
    if (bytes > 0 && this.#present.bytes + bytes > maxBytes)
      throw new ProtocolError("storage-full", `The log is full: it keeps at most ${maxBytes} bytes`);
  }

  /** Record the changes of the current transaction. */
  change(channels: number, bytes: number): void {
    const present = this.#present;
    this.#present = { channels: present.channels + channels, bytes: present.bytes + bytes };
  }

  settle(): void {
    this.#settled = this.#present;
  }

  undo(): void {
    this.#present = this.#settled;
  }
}
