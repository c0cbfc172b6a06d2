import type { JetStreamManager, StreamConfig, StreamInfo } from "@nats-io/jetstream";
import type { HealthState } from "@tidemark/log/parts";
import type { Names } from "./names.ts";
import { isStreamMissing, unfit } from "./stream-setup.ts";

/** The streams that a guard checks, and how to create them. */
export interface Guarded {
  readonly manager: JetStreamManager;
  readonly names: Names;
  readonly replicas: number;
  readonly health: HealthState;
  /** The stream of the channels when the log opened. */
  readonly info: StreamInfo;
  /** Create missing streams; `undefined` if `createStream` is false. */
  readonly create: (() => Promise<void>) | undefined;
}

/** The callbacks of a guard. They must not throw. */
export interface GuardEvents {
  /** The stream of the channels was replaced by another one. */
  readonly replaced: () => void;
  /**
   * NATS is about to be asked. Returns the function that takes the answer: why the streams cannot be used;
   * `undefined` if they can. It is not called if NATS gives no answer.
   */
  readonly asking: () => Answer;
}

type Answer = (unfit: string | undefined) => void;

/** The interval of the checks, in milliseconds. */
const LOOK_MS = 5_000;
/** The interval while a stream is missing, and the delay after a call that failed as if one were. */
const SOON_MS = 250;

/**
 * A missing stream is created again only after it was missing for this long, in this many answers: somebody
 * may be restoring it, and a NATS that has just started may not know it yet.
 */
const MISSING_MS = 3_000;
const MISSING_ANSWERS = 3;

interface Missing {
  readonly sinceMs: number;
  answers: number;
}

/** Checks that the streams of an open log exist, are the same ones, and can keep a log. */
export class StreamGuard {
  readonly #guarded: Guarded;
  #events: GuardEvents | undefined;
  #info: StreamInfo;
  #missing: Missing | undefined;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = Number.POSITIVE_INFINITY;
  /** The running check, or the last one. */
  #running: Promise<void> = Promise.resolve();
  /** The check that starts when the running one has ended. */
  #next: Promise<void> | undefined;
  #isEnded = false;

  constructor(guarded: Guarded) {
    this.#guarded = guarded;
    this.#info = guarded.info;
  }

  /** Check periodically from now on. */
  start(events: GuardEvents): void {
    this.#events = events;
    this.#look(LOOK_MS);
  }

  /** The current configuration of the stream of the channels. */
  get config(): StreamConfig {
    return this.#info.config;
  }

  /** Check at once, after a reconnect. */
  lookNow(): void {
    this.#look(0);
  }

  /** Check soon, after a call failed as if a stream were missing. */
  lookSoon(): void {
    this.#look(SOON_MS);
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
  }

  /** Schedule a check after this time, unless an earlier one is due. */
  #look(afterMs: number): void {
    const dueMs = performance.now() + afterMs;
    if (this.#isEnded || this.#dueMs <= dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => void this.#run(), afterMs).unref();
  }

  /** A check that starts after this call. Simultaneous callers share it. Never rejects. */
  check(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      this.#running = this.#examine();
      return this.#running;
    });
    return this.#next;
  }

  async #run(): Promise<void> {
    this.#dueMs = Number.POSITIVE_INFINITY;
    await this.check();
    this.#look(this.#missing ? SOON_MS : LOOK_MS);
  }

  /** Never rejects; a failure sets the log's health. */
  async #examine(): Promise<void> {
    if (this.#isEnded || this.#events === undefined) return;
    const { manager, names, replicas } = this.#guarded;
    const answer = this.#events.asking();
    try {
      await manager.streams.info(names.keys);
      const info = await manager.streams.info(names.stream);
      const wrong = unfit(info.config, names, replicas);
      if (wrong === undefined) this.#isThere(info, answer);
      else this.#refuse(`The stream ${names.stream} cannot keep a log: ${wrong}`, answer);
    } catch (error) {
      if (isStreamMissing(error)) await this.#isMissing(answer);
      else this.#cannotUse(error);
    }
  }

  #cannotUse(error: unknown): void {
    this.#say(false, `NATS cannot be used: ${error instanceof Error ? error.message : error}`);
  }

  #isThere(info: StreamInfo, answer: Answer): void {
    const { stream } = this.#guarded.names;
    const isReplaced = info.created !== this.#info.created;
    this.#info = info;
    this.#missing = undefined;
    answer(undefined);
    this.#say(true, `NATS can be used again, and has the stream ${stream}`);
    if (!isReplaced || this.#isEnded) return;
    this.#guarded.health.tell(
      `The stream ${stream} in NATS was replaced: readers at messages that the new stream lacks get a gap`,
    );
    this.#events?.replaced();
  }

  async #isMissing(answer: Answer): Promise<void> {
    const { names, create } = this.#guarded;
    this.#missing ??= { sinceMs: performance.now(), answers: 0 };
    this.#missing.answers += 1;
    const fate = create ? "it will be created again unless it is restored first" : "it must be restored";
    this.#refuse(
      `A stream of the log (${names.stream} or ${names.keys}) is missing in NATS; ${fate}`,
      answer,
    );
    const { sinceMs, answers } = this.#missing;
    const isLong = performance.now() - sinceMs >= MISSING_MS && answers >= MISSING_ANSWERS;
    if (!create || !isLong || this.#isEnded) return;
    await create().catch((error: unknown) => this.#cannotUse(error)); // the next check finds it
  }

  #refuse(reason: string, answer: Answer): void {
    if (!this.#isEnded) answer(reason);
    this.#say(false, reason);
  }

  #say(usable: boolean, detail: string): void {
    if (!this.#isEnded) this.#guarded.health.set({ usable, detail });
  }
}
