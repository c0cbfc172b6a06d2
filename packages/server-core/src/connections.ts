import type { ChannelRequest } from "./channel-request.ts";

/** How many requests may be held and streams be served at once; `null` is no bound. */
export interface ConnectionLimits {
  /** Over all channels. @defaultValue 50_000 */
  readonly maxConnections?: number | null;
  /** For one principal; those without credentials have none. @defaultValue null */
  readonly maxConnectionsPerPrincipal?: number | null;
  /** For one `Origin` of a browser. @defaultValue null */
  readonly maxConnectionsPerOrigin?: number | null;
}

/** A request that is held, or a stream. */
export interface Connection {
  /** Run `listener` once when the server wants the connection to end after what it is doing; at once if it does already. */
  whenLeaving(listener: () => void): void;
  /** No longer held. Also happens by itself when the exchange is over. Idempotent. */
  close(): void;
}

type Kind = "held" | "stream";

interface Entry {
  readonly kind: Kind;
  readonly keys: readonly string[];
  leaving: boolean;
  onLeave: (() => void) | undefined;
}

/** All that a server holds open: counted, bounded, and let go of when it drains. */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #entries = new Set<Entry>();
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
    if (this.#draining || request.signal.aborted || this.#isFull(keys)) return undefined;
    const entry: Entry = { kind, keys, leaving: false, onLeave: undefined };
    this.#add(entry);
    const close = (): void => this.#remove(entry);
    request.signal.addEventListener("abort", close, { once: true });
    return { close, whenLeaving: (listener) => whenLeaving(entry, listener) };
  }

  /** Let go of all: held requests now, streams spread over `windowMs`. Resolves when none is left. */
  async drain(windowMs: number): Promise<void> {
    this.#draining = true;
    for (const entry of this.#entries) {
      if (entry.kind === "held") leave(entry);
      else setTimeout(leave, Math.random() * windowMs, entry).unref();
    }
    if (this.#entries.size > 0) await new Promise<void>((resolve) => this.#whenEmpty.push(resolve));
  }

  #keysOf({ principal, headers }: ChannelRequest): readonly string[] {
    const { maxConnectionsPerPrincipal = null, maxConnectionsPerOrigin = null } = this.#limits;
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

  #remove(entry: Entry): void {
    if (!this.#entries.delete(entry)) return;
    this.#counts[entry.kind] -= 1;
    for (const key of entry.keys) {
      const left = (this.#perKey.get(key) ?? 1) - 1;
      if (left === 0) this.#perKey.delete(key);
      else this.#perKey.set(key, left);
    }
    if (this.#entries.size === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}

function whenLeaving(entry: Entry, listener: () => void): void {
  if (entry.leaving) listener();
  else entry.onLeave = listener;
}

function leave(entry: Entry): void {
  const { leaving, onLeave } = entry;
  entry.leaving = true;
  if (!leaving) onLeave?.();
}
