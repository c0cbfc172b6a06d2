const HOUR_MS = 3_600_000;
/** Of so many payers it is known what they have left. The one that was seen longest ago is forgotten, and has all. */
const MAX_PAYERS = 10_000;

interface Allowance {
  left: number;
  atMs: number;
}

/** So many of something for each payer in an hour: all at once, and then as time gives them back. */
export class Allowances {
  readonly #perHour: number;
  readonly #now: () => number;
  readonly #payers = new Map<string, Allowance>();

  constructor(perHour: number, now: () => number = () => performance.now()) {
    this.#perHour = perHour;
    this.#now = now;
  }

  /** Take one. Answers 0, or after how many seconds there is one again. */
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

/** Who pays for a request: its principal, or else the network of its address. A client has a whole /64 of IPv6. */
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
