import type { Cursor, RawPage } from "@tidemark/protocol";

/** A position is read no oftener than that, in milliseconds: not noticed by who opens a stream. */
const PAUSE_MS = 50;

interface Begun {
  readonly atMs: number;
  /** The read that follows, for all who came since. */
  next: Promise<RawPage> | undefined;
}

/**
 * Reads for those who begin a stream. Many come back at once, as after a restart, and stand at few positions: the
 * first at a position is served at once, whoever comes soon after him by the next read, one for all of them. Nobody
 * is given a read that began before he asked: it may have missed what was published or dropped in between.
 */
export class BurstReads {
  readonly #read: (channel: string, from: Cursor) => Promise<RawPage>;
  readonly #begun = new Map<string, Begun>();

  constructor(read: (channel: string, from: Cursor) => Promise<RawPage>) {
    this.#read = read;
  }

  /** @throws ProtocolError as `Log.read` */
  read(channel: string, from: Cursor): Promise<RawPage> {
    const key = `${from}\n${channel}`;
    const begun = this.#begun.get(key);
    if (!begun) return this.#begin(key, channel, from);
    begun.next ??= pause(begun.atMs + PAUSE_MS - performance.now()).then(() =>
      this.#begin(key, channel, from),
    );
    return begun.next;
  }

  #begin(key: string, channel: string, from: Cursor): Promise<RawPage> {
    const begun: Begun = { atMs: performance.now(), next: undefined };
    this.#begun.set(key, begun);
    setTimeout(() => {
      if (this.#begun.get(key) === begun && !begun.next) this.#begun.delete(key);
    }, PAUSE_MS).unref();
    return this.#read(channel, from);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
