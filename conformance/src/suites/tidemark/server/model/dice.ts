import type { Random } from "../../../../engine/run/context.ts";

/** Choices from seeded random numbers. */
export class Dice {
  readonly random: Random;
  #tags = 100_000;

  constructor(random: Random) {
    this.random = random;
  }

  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }

  /** A number that can be the seed of further choices. */
  number(): number {
    return Math.floor(this.random() * 2 ** 32);
  }

  /** A number that no other step of the history has; all have six digits. */
  tag(): number {
    this.#tags += 1;
    return this.#tags;
  }
}
