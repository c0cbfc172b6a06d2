import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";

/** After the link was lost, this many channels are woken at a time, with a breath between: they all read then. */
const WAKES_PER_STEP = 200;
const STEP_MS = 10;

/** How often a silent link is asked whether it is still there, in milliseconds. */
const PING_MS = 10_000;

interface Watcher {
  readonly wake: () => void;
}

/**
 * Who wants to be told of changes, over one subscriber connection.
 *
 * A message on it carries nothing but the name of what changed. Whatever was published while it was away is lost;
 * so after each loss everything is subscribed to anew, and then everybody woken.
 */
export class WakeUps {
  readonly #redis: Redis;
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #ping: NodeJS.Timeout;
  /** Counts the connections, so that one that is gone wakes nobody any more. */
  #connection = 0;

  /** `redis` is this one's own, and does not subscribe to anything by itself. */
  constructor(redis: Redis) {
    this.#redis = redis;
    redis.on("message", (name: string) => this.#wake(name));
    redis.on("ready", () => this.#resume());
    // A link that died without a word is found by its timeout, and comes back by `ready`.
    this.#ping = setInterval(() => this.#redis.ping().catch(() => this.#drop()), PING_MS).unref();
  }

  /** Resolves once every message published from now on wakes; answers how to end it. @throws what Redis does */
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
    // Its failure is the loss of the link, after which nobody subscribes to it.
    await this.#redis.unsubscribe(name).catch(() => this.#drop());
  }

  /** Answers whether it was the last of its name. */
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

  /** Begin anew: a link that does not do what it is asked to is no link. */
  #drop(): void {
    if (this.#redis.status === "ready") this.#redis.disconnect(true);
  }
}
