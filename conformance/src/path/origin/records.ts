import { REQUESTS_OF_A_PROBE } from "./limits.ts";

/** What the origin saw of one request. Times are milliseconds on the origin's clock. */
export interface SeenRequest {
  readonly atMs: number;
  readonly method: string;
  /** The path and query as they came, from the operation on; the token is left out. */
  readonly target: string;
  readonly version: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Bytes of the request's body that came, and whether all of it came. */
  bodyBytes: number;
  bodyDigest: string;
  bodyWhole: boolean;
  /** When the head was written. */
  headMs?: number;
  /** When each write was made. */
  readonly writesMs: number[];
  /** Bytes that the connection took, and the longest time for which it took none. */
  takenBytes: number;
  stalledMs: number;
  /** When the answer was over, and whether the reader left before its end. */
  overMs?: number;
  left?: boolean;
}

/** Remembers the last requests of the last probes; bounded in both. */
export class Records {
  readonly #limit: number;
  readonly #probes = new Map<string, { readonly requests: SeenRequest[]; total: number }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(probe: string, request: SeenRequest): void {
    const entry = this.#probes.get(probe) ?? { requests: [], total: 0 };
    this.#probes.delete(probe);
    this.#probes.set(probe, entry);
    entry.total += 1;
    if (entry.requests.length < REQUESTS_OF_A_PROBE) entry.requests.push(request);
    const [oldest] = this.#probes.keys();
    if (this.#probes.size > this.#limit && oldest !== undefined) this.#probes.delete(oldest);
  }

  /** The requests of a probe, and how many there were. */
  of(probe: string): { readonly requests: readonly SeenRequest[]; readonly total: number } {
    return this.#probes.get(probe) ?? { requests: [], total: 0 };
  }
}
