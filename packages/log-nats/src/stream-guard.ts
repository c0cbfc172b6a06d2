import type { JetStreamManager, StreamConfig, StreamInfo } from "@nats-io/jetstream";
import type { HealthState } from "@tidemark/log/parts";
import type { Names } from "./names.ts";
import { isStreamMissing, unfit } from "./stream-setup.ts";

/** What a guard looks after, and what it does where the streams are gone. */
export interface Guarded {
  readonly manager: JetStreamManager;
  readonly names: Names;
  readonly replicas: number;
  readonly health: HealthState;
  /** The stream of the channels, as it was found. */
  readonly info: StreamInfo;
  /** Create the streams that are missing; `undefined` where that is left to somebody else. */
  readonly create: (() => Promise<void>) | undefined;
}

/** What a guard tells. None of them may throw. */
export interface GuardEvents {
  /** Another stream took the place of that of the channels. */
  readonly replaced: () => void;
  /** The streams cannot be used, for this reason; `undefined` where they can be used again. */
  readonly refused: (reason: string | undefined) => void;
}

/** How often the streams are looked at, also while nobody reads, in milliseconds. */
const LOOK_MS = 5_000;
/** The same while one is missing, and after a call that failed as if one were. */
const SOON_MS = 250;

/**
 * A missing stream is created again after it was missing for so long in so many answers. Somebody may be about to put it
 * back, and a NATS that has just started may not know it yet.
 */
const MISSING_MS = 3_000;
const MISSING_ANSWERS = 3;

interface Missing {
  readonly sinceMs: number;
  answers: number;
}

/** Looks after the streams of an open log: whether they are there, the same ones, and fit to keep a log. */
export class StreamGuard {
  readonly #guarded: Guarded;
  #events: GuardEvents | undefined;
  #info: StreamInfo;
  #missing: Missing | undefined;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = Number.POSITIVE_INFINITY;
  #isLooking = false;
  #isEnded = false;

  constructor(guarded: Guarded) {
    this.#guarded = guarded;
    this.#info = guarded.info;
  }

  /** Look from now on, also while nobody reads. */
  start(events: GuardEvents): void {
    this.#events = events;
    this.#look(LOOK_MS);
  }

  /** The present configuration of the stream of the channels. */
  get config(): StreamConfig {
    return this.#info.config;
  }

  /** Look at once: the link is back. */
  lookNow(): void {
    this.#look(0);
  }

  /** Look soon: a call failed, as if a stream were missing. */
  lookSoon(): void {
    this.#look(SOON_MS);
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
  }

  /** Look after so long, or earlier where that is due already. */
  #look(afterMs: number): void {
    const dueMs = performance.now() + afterMs;
    if (this.#isEnded || this.#dueMs <= dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => void this.#run(), afterMs).unref();
  }

  /** Never rejects: what goes wrong is the health of the log. */
  async #run(): Promise<void> {
    this.#dueMs = Number.POSITIVE_INFINITY;
    if (!this.#isLooking) {
      this.#isLooking = true;
      await this.#examine();
      this.#isLooking = false;
    }
    this.#look(this.#missing ? SOON_MS : LOOK_MS);
  }

  async #examine(): Promise<void> {
    const { manager, names, replicas } = this.#guarded;
    try {
      await manager.streams.info(names.keys);
      const info = await manager.streams.info(names.stream);
      const wrong = unfit(info.config, names, replicas);
      if (wrong === undefined) this.#isThere(info);
      else this.#refuse(`The stream ${names.stream} cannot keep a log: ${wrong}`);
    } catch (error) {
      if (isStreamMissing(error)) await this.#isMissing();
      else this.#cannotUse(error);
    }
  }

  #cannotUse(error: unknown): void {
    this.#say(false, `NATS cannot be used: ${error instanceof Error ? error.message : error}`);
  }

  #isThere(info: StreamInfo): void {
    const { stream } = this.#guarded.names;
    const isReplaced = info.created !== this.#info.created;
    this.#info = info;
    this.#missing = undefined;
    this.#events?.refused(undefined);
    this.#say(true, `NATS can be used again, and has the stream ${stream}`);
    if (!isReplaced || this.#isEnded) return;
    this.#guarded.health.tell(
      `The stream ${stream} in NATS is another one than before: whoever stands at a message that it lacks is told a gap`,
    );
    this.#events?.replaced();
  }

  async #isMissing(): Promise<void> {
    const { names, create } = this.#guarded;
    this.#missing ??= { sinceMs: performance.now(), answers: 0 };
    this.#missing.answers += 1;
    const fate = create ? "it is created again unless somebody puts it back" : "it has to be put back";
    this.#refuse(`A stream of the log is missing in NATS, ${names.stream} or ${names.keys}; ${fate}`);
    const { sinceMs, answers } = this.#missing;
    const isLong = performance.now() - sinceMs >= MISSING_MS && answers >= MISSING_ANSWERS;
    if (!create || !isLong || this.#isEnded) return;
    await create().catch((error: unknown) => this.#cannotUse(error)); // the next look finds it
  }

  #refuse(reason: string): void {
    if (!this.#isEnded) this.#events?.refused(reason);
    this.#say(false, reason);
  }

  #say(usable: boolean, detail: string): void {
    if (!this.#isEnded) this.#guarded.health.set({ usable, detail });
  }
}
