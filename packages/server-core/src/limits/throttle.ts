/** Options of {@link Throttle}. */
export interface ThrottleOptions {
  /** Reports of one kind that pass in one interval. @defaultValue 5 */
  readonly perKind?: number;
  /** The interval in milliseconds; it starts with the first report of a kind. @defaultValue 10_000 */
  readonly intervalMs?: number;
}

/** Further kinds at the same time count as one kind, so that no input can make the table grow. */
const MAX_KINDS = 100;
const OTHER = "other";

interface Window {
  passed: number;
  dropped: number;
}

/** Lets a few reports of each kind pass per interval, and then says how many it dropped. */
export class Throttle {
  readonly #perKind: number;
  readonly #intervalMs: number;
  readonly #whenDropped: (kind: string, count: number, seconds: number) => void;
  readonly #windows = new Map<string, Window>();

  constructor(
    whenDropped: (kind: string, count: number, seconds: number) => void,
    { perKind = 5, intervalMs = 10_000 }: ThrottleOptions = {},
  ) {
    this.#whenDropped = whenDropped;
    this.#perKind = perKind;
    this.#intervalMs = intervalMs;
  }

  /** Whether a report of this kind passes now. */
  passes(name: string, perKind: number = this.#perKind): boolean {
    const kind = this.#windows.has(name) || this.#windows.size < MAX_KINDS ? name : OTHER;
    const window = this.#windows.get(kind) ?? this.#open(kind);
    if (window.passed < perKind) {
      window.passed += 1;
      return true;
    }
    window.dropped += 1;
    return false;
  }

  #open(kind: string): Window {
    const window = { passed: 0, dropped: 0 };
    this.#windows.set(kind, window);
    setTimeout(() => {
      this.#windows.delete(kind);
      if (window.dropped > 0) this.#whenDropped(kind, window.dropped, this.#intervalMs / 1_000);
    }, this.#intervalMs).unref();
    return window;
  }
}
