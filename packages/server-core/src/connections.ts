import type { ChannelRequest } from "./channel-request.ts";
import { Crowd, type Member } from "./crowd.ts";

/** How many requests may be held and streams be served at once; `null` is no bound. */
export interface ConnectionLimits {
  /** Over all channels. @defaultValue 50_000 */
  readonly maxConnections?: number | null;
  /** For one principal; those without credentials have none. @defaultValue null */
  readonly maxConnectionsPerPrincipal?: number | null;
  /** For one `Origin` of a browser. @defaultValue null */
  readonly maxConnectionsPerOrigin?: number | null;
}

type Kind = "held" | "stream";

/** A request that is held, or a stream. */
export interface Connection {
  /** Run `listener` once when the server wants the connection to end after what it is doing; at once if it does already. */
  whenLeaving(listener: () => void): void;
  /** No longer held; whoever opened it closes it when the exchange is over, at the latest. Idempotent. */
  close(): void;
}

class Entry implements Connection, Member {
  seat = -1;
  readonly kind: Kind;
  /** What it counts against beside the whole. */
  readonly keys: readonly string[];
  readonly #closed: (entry: Entry) => void;
  #leaving = false;
  #onLeave: (() => void) | undefined;

  constructor(kind: Kind, keys: readonly string[], closed: (entry: Entry) => void) {
    this.kind = kind;
    this.keys = keys;
    this.#closed = closed;
  }

  whenLeaving(listener: () => void): void {
    if (this.#leaving) listener();
    else this.#onLeave = listener;
  }

  close(): void {
    this.#closed(this);
  }

  leave(): void {
    const isFirst = !this.#leaving;
    this.#leaving = true;
    if (isFirst) this.#onLeave?.();
  }
}

const NO_KEYS: readonly string[] = [];

/** All that a server holds open: counted, bounded, and let go of when it drains. */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #entries = new Crowd<Entry>();
  readonly #perKey = new Map<string, number>();
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

  /** Undefined if the server drains, or holds as many as it may. */
  open(kind: Kind, request: ChannelRequest): Connection | undefined {
    const keys = this.#keysOf(request);
    if (this.#draining || request.exchange.isOver || this.#isFull(keys)) return undefined;
    const entry = new Entry(kind, keys, this.#remove);
    this.#add(entry);
    return entry;
  }

  /** Let go of all: held requests now, streams spread over `windowMs`. Resolves when none is left. */
  async drain(windowMs: number): Promise<void> {
    this.#draining = true;
    this.#entries.visit((entry) => {
      if (entry.kind === "held") entry.leave();
      else setTimeout(() => entry.leave(), Math.random() * windowMs).unref();
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

  #isFull(keys: readonly string[]): boolean {
    const { maxConnections = 50_000, maxConnectionsPerPrincipal, maxConnectionsPerOrigin } = this.#limits;
    if (this.#entries.size >= (maxConnections ?? Number.POSITIVE_INFINITY)) return true;
    return keys.some((key) => {
      const bound = key.startsWith("p") ? maxConnectionsPerPrincipal : maxConnectionsPerOrigin;
      return (this.#perKey.get(key) ?? 0) >= (bound ?? Number.POSITIVE_INFINITY);
    });
  }

  #add(entry: Entry): void {
    this.#entries.add(entry);
    this.#counts[entry.kind] += 1;
    for (const key of entry.keys) this.#perKey.set(key, (this.#perKey.get(key) ?? 0) + 1);
  }

  readonly #remove = (entry: Entry): void => {
    if (!this.#entries.delete(entry)) return;
    this.#counts[entry.kind] -= 1;
    for (const key of entry.keys) {
      const left = (this.#perKey.get(key) ?? 1) - 1;
      if (left === 0) this.#perKey.delete(key);
      else this.#perKey.set(key, left);
    }
    if (this.#entries.size === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve();
  };
}
