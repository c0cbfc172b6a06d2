/** Whether a log can use its engine. */
export interface LogHealth {
  /** `false` while the engine is away or unfit: calls reject with `unavailable`. */
  readonly usable: boolean;
  /** One line for people, without a line break: what is wrong and since when, or that the engine is back. */
  readonly detail: string;
}

/** Ends what {@link HealthState.listen} began. Idempotent. */
export type Unlisten = () => void;

/** What a log knows of its engine, and the listeners that are told of each change. */
export class HealthState {
  readonly #listeners = new Set<(health: LogHealth) => void>();
  #present: LogHealth;

  constructor(present: LogHealth) {
    this.#present = present;
  }

  get present(): LogHealth {
    return this.#present;
  }

  /** State what is so now. The listeners are called only if `usable` changes: one outage is one call, however long. */
  set(health: LogHealth): void {
    const isChange = health.usable !== this.#present.usable;
    this.#present = health;
    if (isChange) this.#call(health);
  }

  /** Tell the listeners something that they have to know although `usable` stays as it is. */
  tell(detail: string): void {
    this.#call({ usable: this.#present.usable, detail });
  }

  /** Call `listener` for each change from now on. It must not throw. */
  listen(listener: (health: LogHealth) => void): Unlisten {
    const own = (health: LogHealth): void => listener(health); // the same function may be given twice
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** The log is disposed of: state it, and call nobody any more. */
  end(detail: string): void {
    this.#present = { usable: false, detail };
    this.#listeners.clear();
  }

  /** Each in a microtask of its own: what a listener throws befalls neither the log nor another listener. */
  #call(health: LogHealth): void {
    for (const listener of this.#listeners) {
      queueMicrotask(() => {
        if (this.#listeners.has(listener)) listener(health);
      });
    }
  }
}
