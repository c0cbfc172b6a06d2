/** Numbers read as decisions, so that whatever makes and shrinks numbers makes and shrinks histories. */
export class Choices {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  get done(): boolean {
    return this.#next >= this.#numbers.length;
  }

  /** A number below `count`; 0 when there are no more. */
  below(count: number): number {
    const number = this.#numbers[this.#next] ?? 0;
    this.#next += 1;
    return Math.abs(Math.trunc(number)) % count;
  }

  of<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }
}
