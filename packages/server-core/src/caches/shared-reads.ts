import type { Log, ReadOptions } from "@tidemark/log";
import type { Position, RawPage } from "@tidemark/protocol";

interface Flight {
  readonly current: Promise<RawPage>;
  /** A read that begins when the current one ends, for all callers that came in the meantime. */
  next: Promise<RawPage> | undefined;
}

/**
 * Reads of one log, in which equal reads are shared.
 *
 * A caller never gets a read that began before its own request, which may have missed a message in between. So at most
 * one read of a position runs and one more waits, however many callers there are.
 */
export class SharedReads {
  readonly #log: Log;
  readonly #flights = new Map<string, Flight>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** As {@link Log.read}. The page may be shared, so it must not be changed. */
  read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
    const key = `${from}\n${options.maxMessages}\n${options.maxBytes ?? ""}\n${channel}`;
    const start = (): Promise<RawPage> => this.#start(key, this.#log.read(channel, from, options));
    const flight = this.#flights.get(key);
    if (!flight) return start();
    flight.next ??= flight.current.then(start, start);
    return flight.next;
  }

  #start(key: string, current: Promise<RawPage>): Promise<RawPage> {
    const flight: Flight = { current, next: undefined };
    this.#flights.set(key, flight);
    const land = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    current.then(land, land);
    return current;
  }
}
