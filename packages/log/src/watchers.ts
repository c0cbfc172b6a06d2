interface Watcher {
  readonly wake: () => void;
  /** A wake-up is pending; it will come after every change so far. */
  due: boolean;
  ended: boolean;
}

/** The watchers of each channel. Keeps nothing for a channel without watchers. */
export class Watchers {
  readonly #byChannel = new Map<string, Set<Watcher>>();

  /** Watch a channel. Returns a function that ends the watch. */
  add(channel: string, wake: () => void): () => void {
    const watcher: Watcher = { wake, due: false, ended: false };
    const watchers = this.#byChannel.get(channel) ?? new Set();
    this.#byChannel.set(channel, watchers.add(watcher));
    return () => this.#end(channel, watcher);
  }

  /** Whether the channel has a watcher. */
  has(channel: string): boolean {
    return this.#byChannel.has(channel);
  }

  /**
   * Wake the channel's watchers, each in its own microtask: after the change is complete and before the
   * append resolves. A watcher that throws does not affect the others. Changes of one turn share a wake-up.
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
