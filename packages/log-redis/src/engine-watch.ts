import type { EngineClock, HealthState } from "@tidemark/log/parts";
import type { Cluster, Redis } from "ioredis";
import { checkRequirements, UnfitError } from "./requirements.ts";

/** The interval of the checks of Redis, in milliseconds. */
const LOOK_MS = 5_000;

/** Checks whether Redis is usable: when the log opens, after each reconnect, and every few seconds. */
export class EngineWatch {
  readonly #redis: Redis | Cluster;
  readonly #clock: EngineClock;
  readonly #health: HealthState;
  readonly #onReady = (): void => void this.#look();
  readonly #onClose = (): void => this.#say(false, "Redis cannot be reached: the connection was lost");
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  /** Why the Redis at the other end cannot keep a log. */
  #unfit: UnfitError | undefined;

  constructor(redis: Redis | Cluster, clock: EngineClock, health: HealthState) {
    this.#redis = redis;
    this.#clock = clock;
    this.#health = health;
  }

  /** Why this reachable Redis must not be used; `undefined` if it can be used. */
  get unfit(): Error | undefined {
    return this.#unfit;
  }

  /** Check now, and from now on. @throws UnfitError, and the errors of Redis */
  async start(): Promise<void> {
    this.#clock.hear(await checkRequirements(this.#redis));
    this.#say(true, "Redis can be used");
    this.#redis.on("ready", this.#onReady);
    this.#redis.on("close", this.#onClose);
    this.#timer = setInterval(this.#onReady, LOOK_MS).unref();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#redis.off("ready", this.#onReady);
    this.#redis.off("close", this.#onClose);
  }

  /**
   * Check again: after a failover it may be another Redis. Never rejects; a failure sets the log's health.
   */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      this.#clock.hear(await checkRequirements(this.#redis));
      this.#unfit = undefined;
      this.#say(true, "Redis can be used again");
    } catch (error) {
      if (error instanceof UnfitError) this.#unfit = error;
      this.#say(false, error instanceof UnfitError ? error.message : `Redis cannot be reached: ${error}`);
    } finally {
      this.#isLooking = false;
    }
  }

  #say(usable: boolean, detail: string): void {
    this.#health.set({ usable, detail });
  }
}
