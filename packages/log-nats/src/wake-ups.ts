import type { NatsConnection, Subscription } from "@nats-io/transport-node";
import { Watchers } from "@tidemark/log/parts";

/** After the link was lost, this many channels are woken at a time, with a breath between: they all read then. */
const WAKES_PER_STEP = 200;
const STEP_MS = 10;

interface Subject {
  readonly subscription: Subscription;
  readonly established: Promise<void>;
  watchers: number;
}

/** Who wants to be told of changes: one subscription for each subject, to what the stream publishes again. */
export class WakeUps {
  readonly #connection: NatsConnection;
  readonly #watchers = new Watchers();
  readonly #subjects = new Map<string, Subject>();

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  /** Resolves once every record stored from now on wakes; answers how to end it. */
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

  /** What was published while the link was away is lost: wake everybody, in steps. */
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
    // The answer to what is asked after it shows that the server has the subscription.
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
