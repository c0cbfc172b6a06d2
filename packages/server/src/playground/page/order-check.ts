/** What a message shows about the messages before it. */
export interface Verdict {
  readonly lost: number;
  readonly repeated: number;
}

/** Checks that messages come once and in order. */
export type OrderCheck<T> = (message: T) => Verdict;

const FINE: Verdict = { lost: 0, repeated: 0 };

/** Checks numbered messages: each has the number of the one before, plus one. */
export function checkNumbers(): OrderCheck<number> {
  let last: number | undefined;
  return (n) => {
    const expected = (last ?? n - 1) + 1;
    if (n < expected) return { lost: 0, repeated: 1 };
    last = n;
    return n === expected ? FINE : { lost: n - expected, repeated: 0 };
  };
}

/** The most cursors that columns are compared by. A column that falls further behind is not compared. */
const MAX_CURSORS = 20_000;

/**
 * The cursors of one channel, in the order of the column that receives them first. The other columns are compared
 * with it: all of them began at the same cursor.
 */
export class SharedOrder {
  #cursors: string[] = [];
  /** How many cursors were dropped before the first one. */
  #dropped = 0;
  readonly #arrivals = new Map<string, number>();

  /** A check for one column. */
  check(): OrderCheck<string> {
    let next = 0;
    return (cursor) => {
      const at = this.#find(cursor);
      if (at === undefined) return FINE; // so far behind that it is no longer known
      const verdict = at < next ? { lost: 0, repeated: 1 } : { lost: at - next, repeated: 0 };
      next = Math.max(next, at + 1);
      return verdict;
    };
  }

  /** How long after the first column this one receives the message, in milliseconds. */
  behind(cursor: string, now: number): number | undefined {
    const first = this.#arrivals.get(cursor);
    return first === undefined ? undefined : now - first;
  }

  /** Record that a column has received a message now. */
  arrived(cursor: string, now: number): void {
    if (this.#arrivals.has(cursor)) return;
    this.#arrivals.set(cursor, now);
    this.#cursors.push(cursor);
    if (this.#cursors.length <= MAX_CURSORS) return;
    for (const old of this.#cursors.splice(0, MAX_CURSORS / 2)) this.#arrivals.delete(old);
    this.#dropped += MAX_CURSORS / 2;
  }

  #find(cursor: string): number | undefined {
    if (!this.#arrivals.has(cursor)) return undefined;
    return this.#dropped + this.#cursors.lastIndexOf(cursor);
  }
}
