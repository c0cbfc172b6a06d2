/** An event as it will be written. */
export interface Entry {
  readonly id?: string;
  readonly event?: string;
  readonly data: string;
}

/** A list of events that grows, and whoever follows it. */
export class Feed {
  readonly name: string;
  readonly entries: Entry[] = [];
  readonly #subscribers = new Set<Subscriber>();
  #ended = false;

  constructor(name: string) {
    this.name = name;
  }

  get ended(): boolean {
    return this.#ended;
  }

  append(entry: Entry): void {
    this.entries.push(entry);
    for (const subscriber of [...this.#subscribers]) subscriber.next(entry);
  }

  end(): void {
    this.#ended = true;
    for (const subscriber of [...this.#subscribers]) subscriber.end();
    this.#subscribers.clear();
  }

  /** Follow the events that are appended from now on; returns how to stop. */
  follow(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** The events after the one with this id; `undefined` if no event has it. Of a group that shares an id, the last counts. */
  after(id: string): readonly Entry[] | undefined {
    const at = this.entries.findLastIndex((entry) => entry.id === id);
    return at === -1 ? undefined : this.entries.slice(at + 1);
  }
}

/** What a feed calls. */
export interface Subscriber {
  next(entry: Entry): void;
  end(): void;
}
