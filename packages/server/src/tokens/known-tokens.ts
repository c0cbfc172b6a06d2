import type { Grant } from "./api-keys.ts";

/** The most tokens that are remembered. */
const MAX_KNOWN = 10_000;

interface Known {
  readonly grant: Grant;
  readonly verifiedMs: number;
  /** The keys at that time. A token is verified again when they change. */
  readonly keys: readonly unknown[];
}

/** Tokens that were verified a moment ago: streams are authorized again at every heartbeat. */
export class KnownTokens {
  readonly #tokens = new Map<string, Known>();
  readonly #trustMs: number;

  constructor(trustMs: number) {
    this.#trustMs = trustMs;
  }

  /** The grant of a token; made by `verify` if it was not verified with these keys in the last time. */
  async get(token: string, keys: readonly unknown[], verify: () => Promise<Grant>): Promise<Grant> {
    const known = this.#tokens.get(token);
    const nowMs = performance.now();
    if (known !== undefined && nowMs - known.verifiedMs < this.#trustMs && areSame(known.keys, keys))
      return known.grant;
    this.#tokens.delete(token);
    const grant = await verify();
    if (this.#tokens.size >= MAX_KNOWN) this.#tokens.delete(this.#tokens.keys().next().value ?? "");
    this.#tokens.set(token, { grant, verifiedMs: nowMs, keys });
    return grant;
  }
}

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((each, index) => each === others[index]);
}
