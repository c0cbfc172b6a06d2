import type { Log } from "@tidemark/log";
import type { Cursor, RawPage } from "@tidemark/protocol";
import { KeptPages } from "./kept-pages.ts";

/** This many reads of a position in one second are a burst. */
const BURST = 16;
const WINDOW_MS = 1_000;
/** In a burst, the shortest time between two reads of a position, in milliseconds; too short for a user to notice. */
const PAUSE_MS = 50;

interface Recent {
  reads: number;
  lastMs: number;
  /** In a burst: the next read, shared by all callers since the last one. */
  next: Promise<RawPage> | undefined;
}

/**
 * Reads for clients that start to follow a channel. After a restart, for example, many return at once at few positions.
 * If the log knows the revision of a channel, one read of a position serves all callers until the revision changes.
 * Otherwise the first {@link BURST} callers at a position get their own reads, and the others share the next read.
 * A caller never gets a page older than its own request: such a page may lack new messages or contain dropped ones.
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

  /** The reads of a position in the current window. Entries are dropped after a second, which bounds the map. */
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
