import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";

/**
 * After a reconnect, this many channels are woken at a time, with a pause between, because all of them read
 * then.
 */
const WAKES_PER_STEP = 200;
const STEP_MS = 10;

/** The interval of pings, in milliseconds. */
const PING_MS = 10_000;

interface Watcher {
  readonly wake: () => void;
}

/**
 * The watchers of all channels, over one subscriber connection.
 *
 * A Pub/Sub message has only the name of the changed channel. Messages published while the connection is down
 * are lost, so after each reconnect all channels are resubscribed, and then all watchers woken.
 */
export class WakeUps {
  readonly #redis: Redis;
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #ping: NodeJS.Timeout;
  /** Counts the connections, so that the resubscription of an earlier one stops. */
  #connection = 0;

  /** `redis` is used by this object only, and has `autoResubscribe` off. */
  constructor(redis: Redis) {
    this.#redis = redis;
    redis.on("message", (name: string) => this.#wake(name));
    redis.on("ready", () => this.#resume());
    // A ping detects a silently dead connection by its timeout; the reconnect emits `ready`.
    this.#ping = setInterval(() => this.#redis.ping().catch(() => this.#drop()), PING_MS).unref();
  }

  /** Add a watcher. Resolves once established, with a function that ends it. @throws the errors of Redis */
  async add(name: string, wake: () => void): Promise<() => Promise<void>> {
    const watcher: Watcher = { wake };
    const watchers = this.#watchers.get(name) ?? new Set();
    this.#watchers.set(name, watchers.add(watcher));
    try {
      await this.#redis.subscribe(name);
    } catch (error) {
      this.#remove(name, watcher);
      throw error;
    }
    return async () => this.#end(name, watcher);
  }

  /** End every watch, and the connection. */
  clear(): void {
    clearInterval(this.#ping);
    this.#watchers.clear();
    this.#redis.disconnect();
  }

  #wake(name: string): void {
    for (const { wake } of this.#watchers.get(name) ?? []) wake();
  }

  async #end(name: string, watcher: Watcher): Promise<void> {
    if (!this.#remove(name, watcher) || this.#redis.status !== "ready") return;
    // On failure drop the connection: the reconnect does not resubscribe to this name.
    await this.#redis.unsubscribe(name).catch(() => this.#drop());
  }

  /** Returns whether it was the last watcher of this name. */
  #remove(name: string, watcher: Watcher): boolean {
    const watchers = this.#watchers.get(name);
    if (!watchers?.delete(watcher) || watchers.size > 0) return false;
    return this.#watchers.delete(name);
  }

  #resume(): void {
    this.#connection += 1;
    this.#resubscribe(this.#connection).catch(() => this.#drop());
  }

  async #resubscribe(connection: number): Promise<void> {
    const names = [...this.#watchers.keys()];
    for (let i = 0; i < names.length; i += WAKES_PER_STEP) {
      const step = names.slice(i, i + WAKES_PER_STEP);
      await this.#redis.subscribe(...step);
      for (const name of step) this.#wake(name);
      await sleep(STEP_MS, undefined, { ref: false });
      if (connection !== this.#connection) return;
    }
  }

  /** Reconnect, because this connection does not execute its commands. */
  #drop(): void {
    if (this.#redis.status === "ready") this.#redis.disconnect(true);
  }
}
