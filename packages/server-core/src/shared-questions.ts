import type { Exchange } from "./channel-request.ts";

/** Someone who waits for an answer. */
interface Asker<T> {
  readonly exchange: Exchange;
  readonly settle: (answer: T | Promise<T>) => void;
}

/**
 * Questions about requests, where equal ones are asked one at a time. An answer serves all who waited when its question
 * was asked, and nobody who came later: an answer is never older than the need for it. Each caller has to wait for its
 * answer before it asks again, so that no more callers wait than there are requests.
 */
export class SharedQuestions<T> {
  readonly #ask: (exchange: Exchange) => Promise<T>;
  /** Those who wait for the next question, by what they ask; an empty list while only the present one is open. */
  readonly #waiting = new Map<string, Asker<T>[]>();

  /** `ask` gives up by itself in bounded time. */
  constructor(ask: (exchange: Exchange) => Promise<T>) {
    this.#ask = ask;
  }

  /** The answer to a question that is asked after this call, in this turn at the earliest; callers with one key share it. */
  ask(key: string, exchange: Exchange): Promise<T> {
    return new Promise((resolve) => {
      const asker = { exchange, settle: resolve };
      const waiting = this.#waiting.get(key);
      if (waiting) {
        waiting.push(asker);
        return;
      }
      this.#waiting.set(key, [asker]);
      // Those who ask in the same turn, as the streams of a feed do, are gathered first.
      queueMicrotask(() => void this.#askAll(key));
    });
  }

  async #askAll(key: string): Promise<void> {
    for (let askers = this.#take(key); askers.length > 0; askers = this.#take(key)) {
      const answer = this.#askFor(askers);
      await answer.catch(() => undefined); // each of those who asked sees it
      for (const { settle } of askers) settle(answer);
    }
    this.#waiting.delete(key);
  }

  #take(key: string): readonly Asker<T>[] {
    const askers = this.#waiting.get(key) ?? [];
    this.#waiting.set(key, []);
    return askers;
  }

  /** A question can fail because the request that it was asked with is over: then another one's is taken. */
  async #askFor(askers: readonly Asker<T>[]): Promise<T> {
    const open = askers.filter(({ exchange }) => !exchange.isOver);
    for (const { exchange } of open.slice(0, -1)) {
      try {
        return await this.#ask(exchange);
      } catch (error) {
        if (!exchange.isOver) throw error;
      }
    }
    const last = open.at(-1) ?? askers[0];
    if (last === undefined) throw new RangeError("A question needs somebody who asks it");
    return this.#ask(last.exchange);
  }
}
