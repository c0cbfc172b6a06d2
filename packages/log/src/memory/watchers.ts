interface Watcher {
  readonly wake: () => void;
  /** A wake-up is on its way; it will come after every change so far. */
  due: boolean;
  ended: boolean;
}

/** Who wants to be told of changes, by channel. Keeps nothing for a channel that nobody watches. */
export class Watchers {
  readonly #byChannel = new Map<string, Set<Watcher>>();

  /** Watch a channel; call what comes back to end it. */
  add(channel: string, wake: () => void): () => void {
    const watcher: Watcher = { wake, due: false, ended: false };
    const watchers = this.#byChannel.get(channel) ?? new Set();
    this.#byChannel.set(channel, watchers.add(watcher));
    return () => this.#end(channel, watcher);
  }

  /** Whether somebody watches the channel. */
  has(channel: string): boolean {
    return this.#byChannel.has(channel);
  }

  /**
   * Wake the channel's watchers, each in a microtask of its own: after the change is whole, before the append
   * that made it is awaited, and none through another's throw. Changes of one turn share a wake-up.
   */
  wake(channel: string): void {
    for (const watcher of this.#byChannel.get(channel) ?? []) {
      if (watcher.due) continue;
      watcher.due = true;
      queueMicrotask(() => {
        watcher.due = false;
        if (!watcher.ended) watcher.wake();
      });
    }
  }

  /** End every watch. */
  clear(): void {
    for (const [channel, watchers] of this.#byChannel) {
      for (const watcher of watchers) this.#end(channel, watcher);
    }
  }

  #end(channel: string, watcher: Watcher): void {
    watcher.ended = true;
    const watchers = this.#byChannel.get(channel);
    if (watchers?.delete(watcher) && watchers.size === 0) this.#byChannel.delete(channel);
  }
}
