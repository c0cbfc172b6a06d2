import { Buffer } from "node:buffer";
import type { Appended, AppendOptions, Log, LogHealth, ReadOptions, Unlisten, Unwatch } from "@tidemark/log";
import {
  type Position,
  type ProblemCode,
  ProtocolError,
  type RawDraft,
  type RawPage,
} from "@tidemark/protocol";
import type { LogCall, Observer } from "./observer.ts";

/** A log whose calls are reported to an observer. It behaves as the log itself. */
export class ObservedLog implements Log {
  readonly revision?: (channel: string) => string | undefined;
  readonly health?: () => LogHealth;
  readonly onHealth?: (listener: (health: LogHealth) => void) => Unlisten;
  readonly #log: Log;
  readonly #observer: Observer;
  readonly #stored: (channel: string, cursor: string, beganMs: number) => void;

  /** `stored` is called with the last cursor of each append, and with the time at which the append began. */
  constructor(
    log: Log,
    observer: Observer,
    stored: (channel: string, cursor: string, beganMs: number) => void,
  ) {
    this.#log = log;
    this.#observer = observer;
    this.#stored = stored;
    if (log.revision) this.revision = log.revision.bind(log);
    if (log.health) this.health = log.health.bind(log);
    if (log.onHealth) this.onHealth = log.onHealth.bind(log);
  }

  async append(channel: string, drafts: readonly RawDraft[], options?: AppendOptions): Promise<Appended> {
    const beganMs = performance.now();
    const appended = await this.#time("append", this.#log.append(channel, drafts, options));
    const last = appended.cursors.at(-1);
    if (appended.replayed || last === undefined) return appended;
    this.#stored(channel, last, beganMs);
    this.#observer.appended(channel, drafts.length, bytesOf(drafts));
    return appended;
  }

  read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
    return this.#time("read", this.#log.read(channel, from, options));
  }

  watch(channel: string, wake: () => void): Promise<Unwatch> {
    return this.#time("watch", this.#log.watch(channel, wake));
  }

  remove(channel: string): Promise<boolean> {
    return this.#time("remove", this.#log.remove(channel));
  }

  dispose(): Promise<void> {
    return this.#log.dispose();
  }

  #time<T>(operation: LogCall["operation"], call: Promise<T>): Promise<T> {
    const beganMs = performance.now();
    const report = (failure: ProblemCode | undefined): void =>
      this.#observer.logCalled({ operation, ms: performance.now() - beganMs, failure });
    call.then(
      () => report(undefined),
      (error) => report(failureOf(error)),
    );
    return call;
  }
}

/** The code of a failure; undefined for a refusal, such as `gap`, which is a proper answer of the log. */
function failureOf(error: unknown): ProblemCode | undefined {
  if (!(error instanceof ProtocolError)) return "internal";
  return error.status < 500 ? undefined : error.code;
}

function bytesOf(drafts: readonly RawDraft[]): number {
  return drafts.reduce((sum, { json }) => sum + Buffer.byteLength(json), 0);
}
