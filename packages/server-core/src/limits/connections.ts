import { Buffer } from "node:buffer";
import { Crowd, type Member } from "../feed/crowd.ts";
import type { Observer, StreamEnd } from "../observe/observer.ts";
import type { ChannelRequest } from "../request/channel-request.ts";

/** The most streams and held requests at the same time; `null`: no limit. */
export interface ConnectionLimits {
  /** For the whole server. @defaultValue 50_000 */
  readonly maxConnections?: number | null;
  /**
   * For one principal; clients without credentials have none. One more displaces the principal's oldest connection,
   * which may belong to a client that vanished unnoticed. The server asks the displaced client to reconnect in a minute.
   * @defaultValue null
   */
  readonly maxConnectionsPerPrincipal?: number | null;
  /** For one `Origin` of a browser. @defaultValue null */
  readonly maxConnectionsPerOrigin?: number | null;
}

type Kind = "held" | "stream";

/** Why a connection has to end: the server drains, or a newer connection of the same principal takes its place. */
export type LeaveReason =
  | { readonly why: "draining" }
  /** The client is to reconnect after `retryMs`, so that it does not displace others at once. */
  | { readonly why: "displaced"; readonly retryMs: number };

const DRAINING: LeaveReason = { why: "draining" };

/** The largest `retry:` that a stream may send (SSE-OPEN-5). */
const DISPLACED: LeaveReason = { why: "displaced", retryMs: 60_000 };

/** A held request or a stream. */
export interface Connection {
  /**
   * Call `listener` once when the server wants this connection to end; at once if it already does. The connection then
   * finishes what it is writing, and says when the client is to reconnect.
   */
  whenLeaving(listener: (reason: LeaveReason) => void): void;
  /** Count blocks that were written to a stream, with this many messages. */
  sent(messages: number, blocks: string | Uint8Array): void;
  /**
   * Stop counting the connection. Its opener calls this, at the latest when the exchange is over. Idempotent: the first
   * reason counts. @defaultValue "client"
   */
  close(why?: StreamEnd): void;
}

/** What an entry needs from the server's connections. */
interface EntryOwner {
  readonly observer: Observer | undefined;
  remove(entry: Entry, why: StreamEnd): void;
}

class Entry implements Connection, Member {
  seat = -1;
  readonly kind: Kind;
  /** The limits that it counts against, besides that of the whole server. */
  readonly keys: readonly string[];
  readonly #connections: EntryOwner;
  #leaving: LeaveReason | undefined;
  #onLeave: ((reason: LeaveReason) => void) | undefined;

  constructor(kind: Kind, keys: readonly string[], connections: EntryOwner) {
    this.kind = kind;
    this.keys = keys;
    this.#connections = connections;
  }

  whenLeaving(listener: (reason: LeaveReason) => void): void {
    if (this.#leaving) listener(this.#leaving);
    else this.#onLeave = listener;
  }

  sent(messages: number, blocks: string | Uint8Array): void {
    const { observer } = this.#connections;
    observer?.streamed(messages, typeof blocks === "string" ? Buffer.byteLength(blocks) : blocks.length);
  }

  close(why: StreamEnd = "client"): void {
    this.#connections.remove(this, why);
  }

  leave(reason: LeaveReason): void {
    if (this.#leaving) return;
    this.#leaving = reason;
    this.#onLeave?.(reason);
  }
}

const NO_KEYS: readonly string[] = [];

/** The streams and held requests of a server: counts them, limits them, and ends them when the server drains. */
export class Connections {
  readonly observer: Observer | undefined;
  readonly #limits: ConnectionLimits;
  readonly #entries = new Crowd<Entry>();
  /** The connections of each principal or origin, the oldest first. */
  readonly #perKey = new Map<string, Set<Entry>>();
  readonly #counts: Record<Kind, number> = { held: 0, stream: 0 };
  #draining = false;
  #whenEmpty: (() => void)[] = [];

  constructor(limits: ConnectionLimits, observer?: Observer) {
    this.#limits = limits;
    this.observer = observer;
  }

  get draining(): boolean {
    return this.#draining;
  }

  count(kind: Kind): number {
    return this.#counts[kind];
  }

  /** Undefined if the server drains, or is full and no connection of the same principal can be displaced. */
  open(kind: Kind, request: ChannelRequest): Connection | undefined {
    if (request.isOver) return undefined;
    const keys = this.#keysOf(request);
    const isOpen = !this.#draining && this.#makeRoom(keys);
    if (!isOpen) {
      if (kind === "stream") this.observer?.turnedAway(this.#draining ? "draining" : "full");
      return undefined;
    }
    const entry = new Entry(kind, keys, this);
    this.#add(entry);
    return entry;
  }

  /** Whether there is room for one more connection, perhaps because it displaces another one. */
  #makeRoom(keys: readonly string[]): boolean {
    const displaced = this.#oldestOver(keys);
    if (this.#isFull(keys, displaced)) return false;
    if (!displaced) return true;
    this.#displace(displaced);
    // The displaced connection counts until it has closed, which can take a while.
    return !this.#isFull(keys, undefined);
  }

  /** End all: held requests now, streams spread over `windowMs`. Resolves when none is left. */
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

  /** The connection that one more of this principal displaces: its oldest, if the principal is at its limit. */
  #oldestOver(keys: readonly string[]): Entry | undefined {
    const { maxConnectionsPerPrincipal } = this.#limits;
    const own = this.#perKey.get(keys.find(isOfPrincipal) ?? "");
    if (own === undefined || own.size < boundOf(maxConnectionsPerPrincipal)) return undefined;
    const [oldest] = own;
    return oldest;
  }

  /** Whether one more connection is too many, not counting `displaced`. */
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

  /** Its place for the principal is free at once; its place on the server only when it has closed. */
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

  /** Stop counting an entry. Only the first call has an effect. */
  remove(entry: Entry, why: StreamEnd): void {
    if (!this.#entries.delete(entry)) return;
    this.#counts[entry.kind] -= 1;
    this.#unkey(entry);
    if (entry.kind === "stream") this.observer?.streamEnded(why);
    if (this.#entries.size === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}

function isOfPrincipal(key: string): boolean {
  return key.startsWith("p");
}

function boundOf(bound: number | null | undefined): number {
  return bound ?? Number.POSITIVE_INFINITY;
}
