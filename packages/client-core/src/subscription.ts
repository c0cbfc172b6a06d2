import { type Cursor, isPosition, type Message, type Position } from "@tidemark/protocol";
import { abortable } from "./abortable.ts";
import type { Batch, Mechanism } from "./mechanism.ts";
import { Progress } from "./progress.ts";
import { readLoop } from "./read-loop.ts";
import { Session } from "./session.ts";
import type { State } from "./state.ts";
import type { SubscribeOptions, Subscription } from "./subscribe-options.ts";

/**
 * Read a channel by a mechanism of one's choice.
 *
 * @throws TypeError if the URL or the position is none.
 */
export function createSubscription<T = unknown>(
  mechanism: Mechanism,
  url: string | URL,
  options: SubscribeOptions = {},
): Subscription<T> {
  if (!isPosition(options.after ?? "start")) throw new TypeError(`not a position: ${options.after}`);
  return new ChannelSubscription(
    mechanism,
    new URL(url, globalThis.location?.href),
    options,
  ) as Subscription<T>;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Written by hand and not as a generator, whose `return()` would wait for the network. */
class ChannelSubscription implements Subscription {
  readonly #controller = new AbortController();
  readonly #session: Session;
  readonly #progress: Progress;
  readonly #batches: AsyncGenerator<Batch, void, void>;
  #queue: readonly Message[] = [];
  #next = 0;
  /** The call of `next` before this one; they run one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #loaded = false;

  constructor(mechanism: Mechanism, url: URL, options: SubscribeOptions) {
    this.#session = new Session(url, mechanism, options, this.#controller.signal);
    this.#progress = new Progress(options.store);
    this.#batches = readLoop(this.#session);
    if (options.signal?.aborted) this.#stop();
    options.signal?.addEventListener("abort", this.#stop);
  }

  get cursor(): Position {
    return this.#session.position;
  }

  get committed(): Cursor | undefined {
    return this.#progress.committed;
  }

  get state(): State {
    return this.#session.state;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Message, undefined>> {
    const turn = this.#turn.then(() => this.#advance());
    this.#turn = turn.catch(() => this.#end());
    return turn;
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    // Left inside the loop: the message at hand was not handled.
    if (this.#session.options.commit !== "manual") this.#progress.abandon();
    await this.#end();
    return DONE;
  }

  commit(message?: Message): Promise<void> {
    return this.#progress.commit(message?.cursor);
  }

  async forEach(handler: (message: Message) => void | Promise<void>): Promise<void> {
    for await (const message of this) {
      await handler(message);
      await this.commit(message);
    }
  }

  async #advance(): Promise<IteratorResult<Message, undefined>> {
    const { signal } = this.#controller;
    if (this.#session.options.commit !== "manual") await this.#progress.commit();
    try {
      if (!this.#loaded) await abortable(this.#load(), signal);
      while (!signal.aborted) {
        const message = this.#queue[this.#next++];
        if (message !== undefined) return this.#handOn(message);
        await this.#progress.settle(this.#session.position);
        const step = await abortable(this.#batches.next(), signal);
        if (step.done) break;
        this.#queue = step.value.messages;
        this.#next = 0;
      }
    } catch (error) {
      if (!signal.aborted) throw this.#session.fail(error);
    }
    await this.#end();
    return DONE;
  }

  async #load(): Promise<void> {
    const { options } = this.#session;
    this.#session.position = (await this.#progress.load()) ?? options.after ?? "start";
    this.#loaded = true;
  }

  #handOn(value: Message): IteratorYieldResult<Message> {
    this.#progress.handOn(value);
    return { done: false, value };
  }

  readonly #stop = (): void => this.#controller.abort();

  /** Abort what is under way, and wait until it has settled. */
  async #end(): Promise<void> {
    this.#stop();
    this.#session.options.signal?.removeEventListener("abort", this.#stop);
    await this.#batches.return();
    this.#session.enter("ended");
  }
}
