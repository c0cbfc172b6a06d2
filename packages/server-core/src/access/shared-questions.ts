import type { ChannelRequest } from "../request/channel-request.ts";

/** A caller that waits for an answer. */
interface Asker<T> {
  readonly request: ChannelRequest;
  readonly settle: (answer: T | Promise<T>) => void;
}

/**
 * Makes calls about requests. Equal calls run one at a time and share results: a result serves all callers that were
 * waiting when its call began, and none that came later: a caller never gets a result older than its own request. Each
 * caller has to wait for its result before it asks again, so that there are never more callers than requests.
 */
export class SharedQuestions<T> {
  readonly #ask: (request: ChannelRequest) => Promise<T>;
  /** The callers that wait for the next call, by key; an empty list while one runs and nobody waits. */
  readonly #waiting = new Map<string, Asker<T>[]>();

  /** `ask` has to settle in bounded time. */
  constructor(ask: (request: ChannelRequest) => Promise<T>) {
    this.#ask = ask;
  }

  /** The result of a call of `ask` that begins after this one. Callers with the same key share it. */
  ask(key: string, request: ChannelRequest): Promise<T> {
    return new Promise((resolve) => {
      const asker = { request, settle: resolve };
      const waiting = this.#waiting.get(key);
      if (waiting) {
        waiting.push(asker);
        return;
      }
      this.#waiting.set(key, [asker]);
      // First collect all callers of this turn: the streams of a feed ask together.
      queueMicrotask(() => void this.#askAll(key));
    });
  }

  async #askAll(key: string): Promise<void> {
    for (let askers = this.#take(key); askers.length > 0; askers = this.#take(key)) {
      const answer = this.#askFor(askers);
      await answer.catch(() => undefined); // each caller gets the rejection
      for (const { settle } of askers) settle(answer);
    }
    this.#waiting.delete(key);
  }

  #take(key: string): readonly Asker<T>[] {
    const askers = this.#waiting.get(key) ?? [];
    this.#waiting.set(key, []);
    return askers;
  }

  /** A call can fail because the request that it was made for is over. Then make it for another caller's request. */
  async #askFor(askers: readonly Asker<T>[]): Promise<T> {
    const open = askers.filter(({ request }) => !request.isOver);
    for (const { request } of open.slice(0, -1)) {
      try {
        return await this.#ask(request);
      } catch (error) {
        if (!request.isOver) throw error;
      }
    }
    const last = open.at(-1) ?? askers[0];
    if (last === undefined) throw new RangeError("There is no caller to ask for");
    return this.#ask(last.request);
  }
}
