import type { NatsConnection, Subscription } from "@nats-io/transport-node";
import { Watchers } from "@tidemark/log/parts";

/**
 * After a reconnect, this many channels are woken at a time, with a pause between, because all of them read
 * then.
 */
const WAKES_PER_STEP = 200;
const STEP_MS = 10;

interface Subject {
  readonly subscription: Subscription;
  readonly established: Promise<void>;
  watchers: number;
}

/** The watchers of all channels, with one subscription for each subject to which the stream republishes. */
export class WakeUps {
  readonly #connection: NatsConnection;
  readonly #watchers = new Watchers();
  readonly #subjects = new Map<string, Subject>();

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  /** Add a watcher. Resolves once established, with a function that ends it. */
  async add(name: string, wake: () => void): Promise<() => Promise<void>> {
    const end = this.#watchers.add(name, wake);
    const subject = this.#subjects.get(name) ?? this.#subscribe(name);
    subject.watchers += 1;
    let ended = false;
    const unwatch = async (): Promise<void> => {
      end();
      if (!ended) this.#release(name, subject);
      ended = true;
    };
    try {
      await subject.established;
    } catch (error) {
      await unwatch();
      throw error;
    }
    return unwatch;
  }

  /** Wake every watcher, in steps, because messages published while the connection was down are lost. */
  wakeAll(): void {
    this.#wakeStep([...this.#subjects.keys()]);
  }

  #wakeStep(names: readonly string[]): void {
    for (const name of names.slice(0, WAKES_PER_STEP)) this.#watchers.wake(name);
    const rest = names.slice(WAKES_PER_STEP);
    if (rest.length > 0) setTimeout(() => this.#wakeStep(rest), STEP_MS).unref();
  }

  clear(): void {
    this.#watchers.clear();
    this.#subjects.clear();
  }

  #subscribe(name: string): Subject {
    const subscription = this.#connection.subscribe(name, { callback: () => this.#watchers.wake(name) });
    // The answer to the flush shows that the server has processed the subscription.
    const subject = { subscription, established: this.#connection.flush(), watchers: 0 };
    this.#subjects.set(name, subject);
    return subject;
  }

  #release(name: string, subject: Subject): void {
    subject.watchers -= 1;
    if (subject.watchers > 0) return;
    subject.subscription.unsubscribe();
    if (this.#subjects.get(name) === subject) this.#subjects.delete(name);
  }
}
