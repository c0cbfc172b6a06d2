/** Reads numbers as decisions, so that a property-testing library can generate and shrink histories. */
export class Choices {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  get done(): boolean {
    return this.#next >= this.#numbers.length;
  }

  /** A number below `count`; 0 once the numbers are used up. */
  below(count: number): number {
    const number = this.#numbers[this.#next] ?? 0;
    this.#next += 1;
    return Math.abs(Math.trunc(number)) % count;
  }

  of<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }
}
