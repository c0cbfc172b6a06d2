import type { Log, Unlisten, Unwatch } from "@tidemark/log";
import { type LogCall, type LogReply, toFailure } from "./log-calls.ts";

/** Runs the log calls of one worker, and sends it answers and wake-ups. */
export class LogOwner {
  readonly #log: Log;
  readonly #send: (reply: LogReply) => void;
  readonly #watches = new Map<number, Promise<Unwatch>>();
  readonly #unlisten: Unlisten | undefined;
  #closed = false;

  constructor(log: Log, send: (reply: LogReply) => void) {
    this.#log = log;
    this.#send = send;
    if (log.health) send({ health: log.health() });
    this.#unlisten = log.onHealth?.((health) => send({ health }));
  }

  /** Run a call and send the answer. Calls that arrive after {@link close} are dropped: their worker has ended. */
  async take(call: LogCall): Promise<void> {
    if (this.#closed) return;
    const { id } = call;
    try {
      this.#send({ id, value: await this.#run(call) });
    } catch (error) {
      this.#send({ id, failure: toFailure(error) });
    }
  }

  /** The worker has ended: end its watches. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#unlisten?.();
    await Promise.all([...this.#watches.keys()].map((watch) => this.#unwatch(watch)));
  }

  #run(call: LogCall): Promise<unknown> {
    switch (call.method) {
      case "append":
        return this.#log.append(call.channel, call.drafts, call.options);
      case "read":
        return this.#log.read(call.channel, call.from, call.options);
      case "remove":
        return this.#log.remove(call.channel);
      case "watch":
        return this.#watch(call.id, call.channel);
      case "unwatch":
        return this.#unwatch(call.watch);
    }
  }

  async #watch(id: number, channel: string): Promise<void> {
    const watch = this.#log.watch(channel, () => this.#send({ wake: id }));
    this.#watches.set(id, watch);
    try {
      await watch;
    } catch (error) {
      this.#watches.delete(id);
      throw error;
    }
  }

  async #unwatch(id: number): Promise<void> {
    const watch = this.#watches.get(id);
    this.#watches.delete(id);
    const unwatch = await watch;
    await unwatch?.();
  }
}
