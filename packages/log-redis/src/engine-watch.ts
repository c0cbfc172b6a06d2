import type { EngineClock, HealthState } from "@tidemark/log/parts";
import type { Cluster, Redis } from "ioredis";
import { checkRequirements, UnfitError } from "./requirements.ts";

/** How often Redis is looked at, also while nobody reads, in milliseconds. */
const LOOK_MS = 5_000;

/** Looks whether Redis can be used: when the log opens, each time that its link comes back, and every few seconds. */
export class EngineWatch {
  readonly #redis: Redis | Cluster;
  readonly #clock: EngineClock;
  readonly #health: HealthState;
  readonly #onReady = (): void => void this.#look();
  readonly #onClose = (): void => this.#say(false, "Redis cannot be reached: the link is lost");
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  /** What is wrong with the Redis that it found. */
  #unfit: UnfitError | undefined;

  constructor(redis: Redis | Cluster, clock: EngineClock, health: HealthState) {
    this.#redis = redis;
    this.#clock = clock;
    this.#health = health;
  }

  /** Why nothing may be asked of this Redis, though it can be reached. */
  get unfit(): Error | undefined {
    return this.#unfit;
  }

  /** Look now, and from now on. @throws UnfitError, and what Redis does */
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

  /** Another Redis may stand there now, after a failover. Never rejects: what goes wrong is the health of the log. */
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
