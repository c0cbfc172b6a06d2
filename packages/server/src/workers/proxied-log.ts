import type { Appended, AppendOptions, Log, LogHealth, ReadOptions, Unlisten, Unwatch } from "@tidemark/log";
import { HealthState } from "@tidemark/log/parts";
import { type Position, ProtocolError, type RawDraft, type RawPage } from "@tidemark/protocol";
import { type LogCall, type LogReply, toError } from "./log-calls.ts";

/** A pending answer. */
class Waiting {
  resolve: (value: unknown) => void = () => {};
  reject: (error: Error) => void = () => {};
  readonly answer: Promise<unknown> = new Promise((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}

/** A call without its id. */
type Asked = LogCall extends infer Call ? (Call extends LogCall ? Omit<Call, "id"> : never) : never;

/**
 * A log that another process holds and several processes share. It gives the guarantees of that log: calls and
 * answers keep their order, and a wake-up is sent after the change that caused it became readable.
 */
export class ProxiedLog implements Log {
  readonly #send: (call: LogCall) => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #wakes = new Map<number, () => void>();
  readonly #health = new HealthState({ usable: true, detail: "the log has reported no problem" });
  #calls = 0;
  #disposed = false;

  /** `send` sends a call to the process that holds the log. The caller passes each reply to {@link take}. */
  constructor(send: (call: LogCall) => void) {
    this.#send = send;
  }

  /** Process a reply. */
  take(reply: LogReply): void {
    if ("wake" in reply) {
      this.#wakes.get(reply.wake)?.();
      return;
    }
    if ("health" in reply) {
      this.#health.set(reply.health);
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("failure" in reply) waiting?.reject(toError(reply.failure));
    else waiting?.resolve(reply.value);
  }

  append(channel: string, drafts: readonly RawDraft[], options: AppendOptions = {}): Promise<Appended> {
    return this.#ask<Appended>({ method: "append", channel, drafts, options }).answer;
  }

  read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
    return this.#ask<RawPage>({ method: "read", channel, from, options }).answer;
  }

  async watch(channel: string, wake: () => void): Promise<Unwatch> {
    const { id, answer } = this.#ask<void>({ method: "watch", channel });
    this.#wakes.set(id, wake);
    try {
      await answer;
    } catch (error) {
      this.#wakes.delete(id);
      throw error;
    }
    return () => this.#unwatch(id);
  }

  remove(channel: string): Promise<boolean> {
    return this.#ask<boolean>({ method: "remove", channel }).answer;
  }

  health(): LogHealth {
    return this.#health.present;
  }

  onHealth(listener: (health: LogHealth) => void): Unlisten {
    return this.#health.listen(listener);
  }

  /** End this process's watches. Pending calls still get their answers. The log itself stays open in its owner. */
  async dispose(): Promise<void> {
    const unwatched = [...this.#wakes.keys()].map((id) => this.#unwatch(id));
    this.#disposed = true;
    this.#health.end("The log is disposed of");
    await Promise.allSettled([...unwatched, ...[...this.#waiting.values()].map(({ answer }) => answer)]);
  }

  #ask<T>(call: Asked): { readonly id: number; readonly answer: Promise<T> } {
    const id = ++this.#calls;
    if (this.#disposed) return { id, answer: Promise.reject(disposedOf()) };
    const waiting = new Waiting();
    this.#waiting.set(id, waiting);
    this.#send({ ...call, id });
    return { id, answer: waiting.answer as Promise<T> };
  }

  async #unwatch(id: number): Promise<void> {
    if (this.#wakes.delete(id)) await this.#ask({ method: "unwatch", watch: id }).answer;
  }
}

function disposedOf(): ProtocolError {
  return new ProtocolError("unavailable", "The log is disposed of");
}
