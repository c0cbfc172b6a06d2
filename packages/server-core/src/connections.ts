import type { ChannelRequest } from "./channel-request.ts";
import { Crowd, type Member } from "./crowd.ts";

/** How many requests may be held and streams be served at once; `null` is no bound. */
export interface ConnectionLimits {
  /** Over all channels. @defaultValue 50_000 */
  readonly maxConnections?: number | null;
  /**
   * For one principal; those without credentials have none. One more takes the place of the principal's oldest, which
   * is sent away for a minute: it may be of a client that has vanished without a sign. @defaultValue null
   */
  readonly maxConnectionsPerPrincipal?: number | null;
  /** For one `Origin` of a browser. @defaultValue null */
  readonly maxConnectionsPerOrigin?: number | null;
}

type Kind = "held" | "stream";

/** Why a connection is to end: the server lets go of all, or a newer one of the same principal takes its place. */
export type LeaveReason =
  | { readonly why: "draining" }
  /** Its client is to come again after `retryMs`, so that it does not displace others at once. */
  | { readonly why: "displaced"; readonly retryMs: number };

const DRAINING: LeaveReason = { why: "draining" };

/** The longest time that a stream can tell (SSE-OPEN-5). */
const DISPLACED: LeaveReason = { why: "displaced", retryMs: 60_000 };

/** A request that is held, or a stream. */
export interface Connection {
  /**
   * Run `listener` once when the server wants the connection to end after what it is doing; at once if it does already.
   * The client is told the reason, and when to come again.
   */
  whenLeaving(listener: (reason: LeaveReason) => void): void;
  /** No longer held; whoever opened it closes it when the exchange is over, at the latest. Idempotent. */
  close(): void;
}

class Entry implements Connection, Member {
  seat = -1;
  readonly kind: Kind;
  /** What it counts against beside the whole. */
  readonly keys: readonly string[];
  readonly #closed: (entry: Entry) => void;
  #leaving: LeaveReason | undefined;
  #onLeave: ((reason: LeaveReason) => void) | undefined;

  constructor(kind: Kind, keys: readonly string[], closed: (entry: Entry) => void) {
    this.kind = kind;
    this.keys = keys;
    this.#closed = closed;
  }

  whenLeaving(listener: (reason: LeaveReason) => void): void {
    if (this.#leaving) listener(this.#leaving);
    else this.#onLeave = listener;
  }

  close(): void {
    this.#closed(this);
  }

  leave(reason: LeaveReason): void {
    if (this.#leaving) return;
    this.#leaving = reason;
    this.#onLeave?.(reason);
  }
}

const NO_KEYS: readonly string[] = [];

/** All that a server holds open: counted, bounded, and let go of when it drains. */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #entries = new Crowd<Entry>();
  /** Those of one principal or origin, the oldest first. */
  readonly #perKey = new Map<string, Set<Entry>>();
  readonly #counts: Record<Kind, number> = { held: 0, stream: 0 };
  #draining = false;
  #whenEmpty: (() => void)[] = [];

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  get draining(): boolean {
    return this.#draining;
  }

  count(kind: Kind): number {
    return this.#counts[kind];
  }

  /** Undefined if the server drains, or holds as many as it may and there is no place of the same principal to take. */
  open(kind: Kind, request: ChannelRequest): Connection | undefined {
    const keys = this.#keysOf(request);
    if (this.#draining || request.exchange.isOver) return undefined;
    const displaced = this.#oldestOver(keys);
    if (this.#isFull(keys, displaced)) return undefined;
    if (displaced) {
      this.#displace(displaced);
      // It is still counted if it takes a while to go.
      if (this.#isFull(keys, undefined)) return undefined;
    }
    const entry = new Entry(kind, keys, this.#remove);
    this.#add(entry);
    return entry;
  }

  /** Let go of all: held requests now, streams spread over `windowMs`. Resolves when none is left. */
  async drain(windowMs: number): Promise<void> {
    this.#draining = true;
    this.#entries.visit((entry) => {
      if (entry.kind === "held") entry.leave(DRAINING);
      else setTimeout(() => entry.leave(DRAINING), Math.random() * windowMs).unref();
    });
    if (this.#entries.size > 0) await new Promise<void>((resolve) => this.#whenEmpty.push(resolve));
  }

  #keysOf({ principal, headers }: ChannelRequest): readonly string[] {
    const { maxConnectionsPerPrincipal = null, maxConnectionsPerOrigin = null } = this.#limits;
    if (maxConnectionsPerPrincipal === null && maxConnectionsPerOrigin === null) return NO_KEYS;
    const keys: string[] = [];
    if (maxConnectionsPerPrincipal !== null && principal !== "") keys.push(`p ${principal}`);
    if (maxConnectionsPerOrigin !== null && headers.origin !== undefined) keys.push(`o ${headers.origin}`);
    return keys;
  }

  /** Whose place a further connection of its principal takes: the oldest one's, if there are as many as there may be. */
  #oldestOver(keys: readonly string[]): Entry | undefined {
    const { maxConnectionsPerPrincipal } = this.#limits;
    const own = this.#perKey.get(keys.find(isOfPrincipal) ?? "");
    if (own === undefined || own.size < boundOf(maxConnectionsPerPrincipal)) return undefined;
    const [oldest] = own;
    return oldest;
  }

  /** Whether one more is too many, once `displaced` has gone. */
  #isFull(keys: readonly string[], displaced: Entry | undefined): boolean {
    const { maxConnections = 50_000, maxConnectionsPerPrincipal, maxConnectionsPerOrigin } = this.#limits;
    if (this.#entries.size - (displaced ? 1 : 0) >= boundOf(maxConnections)) return true;
    return keys.some((key) => {
      const bound = isOfPrincipal(key) ? maxConnectionsPerPrincipal : maxConnectionsPerOrigin;
      const all = this.#perKey.get(key);
      const goes = displaced !== undefined && all?.has(displaced) ? 1 : 0;
      return (all?.size ?? 0) - goes >= boundOf(bound);
    });
  }

  /** Its principal's place is free from this moment on; the server's own is when it has gone. */
  #displace(entry: Entry): void {
    this.#unkey(entry);
    entry.leave(DISPLACED);
  }

  #add(entry: Entry): void {
    this.#entries.add(entry);
    this.#counts[entry.kind] += 1;
    for (const key of entry.keys) {
      const all = this.#perKey.get(key) ?? new Set();
      this.#perKey.set(key, all.add(entry));
    }
  }

  #unkey(entry: Entry): void {
    for (const key of entry.keys) {
      const all = this.#perKey.get(key);
      if (all?.delete(entry) && all.size === 0) this.#perKey.delete(key);
    }
  }

  readonly #remove = (entry: Entry): void => {
    if (!this.#entries.delete(entry)) return;
    this.#counts[entry.kind] -= 1;
    this.#unkey(entry);
    if (this.#entries.size === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve();
  };
}

function isOfPrincipal(key: string): boolean {
  return key.startsWith("p");
}

function boundOf(bound: number | null | undefined): number {
  return bound ?? Number.POSITIVE_INFINITY;
}
