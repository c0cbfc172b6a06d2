import type { Log } from "@tidemark/log";
import type { Cursor, RawPage } from "@tidemark/protocol";
import { KeptPages } from "./kept-pages.ts";

/** So many reads of a position in one second make a burst. */
const BURST = 16;
const WINDOW_MS = 1_000;
/** In a burst, a position is read no oftener than that, in milliseconds: not noticed by who opens a stream. */
const PAUSE_MS = 50;

interface Recent {
  reads: number;
  lastMs: number;
  /** In a burst: the read that follows, for all who came since the last. */
  next: Promise<RawPage> | undefined;
}

/**
 * Reads for those who follow from where they end. Many come back at once, as after a restart, and stand at few
 * positions. Where the log tells the revision of a channel, one read of a position serves all until that changes.
 * Elsewhere the first at a position are served at once, the others by the next read, one for all of them. Nobody is
 * given what a read that began when he asked would not answer: it may lack what was published, or have what was dropped.
 */
export class BurstReads {
  readonly #read: (channel: string, from: Cursor) => Promise<RawPage>;
  readonly #log: Pick<Log, "revision">;
  readonly #recent = new Map<string, Recent>();
  readonly #kept = new KeptPages();

  constructor(log: Pick<Log, "revision">, read: (channel: string, from: Cursor) => Promise<RawPage>) {
    this.#log = log;
    this.#read = read;
  }

  /** @throws ProtocolError as `Log.read` */
  read(channel: string, from: Cursor): Promise<RawPage> {
    const key = `${from}\n${channel}`;
    const revision = this.#log.revision?.(channel);
    if (revision !== undefined) return this.#kept.get(key, revision, () => this.#read(channel, from));
    const recent = this.#recentOf(key);
    const begin = (): Promise<RawPage> => {
      recent.next = undefined;
      recent.reads += 1;
      recent.lastMs = performance.now();
      return this.#read(channel, from);
    };
    if (recent.reads < BURST) return begin();
    recent.next ??= pause(recent.lastMs + PAUSE_MS - performance.now()).then(begin);
    return recent.next;
  }

  /** What was read of a position in the present window; forgotten with it, so that it holds what one second brings. */
  #recentOf(key: string): Recent {
    const known = this.#recent.get(key);
    if (known) return known;
    const recent: Recent = { reads: 0, lastMs: 0, next: undefined };
    this.#recent.set(key, recent);
    setTimeout(() => this.#recent.delete(key), WINDOW_MS).unref();
    return recent;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
