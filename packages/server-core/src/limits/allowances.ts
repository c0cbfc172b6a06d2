const HOUR_MS = 3_600_000;
/** The most payers whose allowance is stored. The least recently seen one is forgotten, and starts afresh. */
const MAX_PAYERS = 10_000;

interface Allowance {
  left: number;
  atMs: number;
}

/** A token bucket for each payer: up to `perHour` at once, refilled evenly over an hour. */
export class Allowances {
  readonly #perHour: number;
  readonly #now: () => number;
  readonly #payers = new Map<string, Allowance>();

  constructor(perHour: number, now: () => number = () => performance.now()) {
    this.#perHour = perHour;
    this.#now = now;
  }

  /** Take one. Returns 0, or the number of seconds until the next one is available. */
  take(payer: string): number {
    const nowMs = this.#now();
    const { left, atMs } = this.#payers.get(payer) ?? { left: this.#perHour, atMs: nowMs };
    const present = Math.min(this.#perHour, left + ((nowMs - atMs) * this.#perHour) / HOUR_MS);
    this.#payers.delete(payer);
    if (this.#payers.size >= MAX_PAYERS) this.#payers.delete(this.#payers.keys().next().value ?? "");
    this.#payers.set(payer, { left: present >= 1 ? present - 1 : present, atMs: nowMs });
    return present >= 1 ? 0 : Math.ceil(((1 - present) * HOUR_MS) / this.#perHour / 1_000);
  }
}

/** Whose allowance a request uses: that of its principal, or else of its address. An IPv6 address counts as its /64 network. */
export function payerOf(principal: string, address = ""): string {
  if (principal !== "") return `principal ${principal}`;
  if (!address.includes(":") || address.includes(".")) return `address ${address}`;
  const [head = "", tail] = address.split("%", 1)[0]?.split("::") ?? [];
  const groups = head.split(":").filter(Boolean);
  const after = tail?.split(":").filter(Boolean) ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => "0");
  const whole = tail === undefined ? groups : [...groups, ...zeros, ...after];
  return `address ${whole.slice(0, 4).join(":")}`;
}
