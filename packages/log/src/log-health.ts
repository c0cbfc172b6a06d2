/** Whether a log can use its engine. */
export interface LogHealth {
  /** `false` while the engine is away or unfit: calls reject with `unavailable`. */
  readonly usable: boolean;
  /** One line for people, without a line break: what is wrong and since when, or that the engine is back. */
  readonly detail: string;
}

/** Removes a listener. Idempotent. */
export type Unlisten = () => void;

/** What a log knows about its engine, and the listeners for changes. */
export class HealthState {
  readonly #listeners = new Set<(health: LogHealth) => void>();
  #present: LogHealth;

  constructor(present: LogHealth) {
    this.#present = present;
  }

  get present(): LogHealth {
    return this.#present;
  }

  /** Set the current state. Listeners are called only if `usable` changes, so one outage is one call. */
  set(health: LogHealth): void {
    const isChange = health.usable !== this.#present.usable;
    this.#present = health;
    if (isChange) this.#call(health);
  }

  /** Call the listeners although `usable` does not change. */
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

  /** The log is disposed of: set the final state and remove all listeners. */
  end(detail: string): void {
    this.#present = { usable: false, detail };
    this.#listeners.clear();
  }

  /**
   * Call each listener in its own microtask, so that a throw affects neither the log nor another listener.
   */
  #call(health: LogHealth): void {
    for (const listener of this.#listeners) {
      queueMicrotask(() => {
        if (this.#listeners.has(listener)) listener(health);
      });
    }
  }
}
