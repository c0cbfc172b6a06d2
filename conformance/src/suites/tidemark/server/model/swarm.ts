import type { Dice } from "./dice.ts";
import type { Offers } from "./offers.ts";
import type { Travel } from "./steps.ts";

/** What one history uses: each draws its own subset, so that some are narrow and repeat themselves. */
export interface Swarm {
  readonly offers: Offers;
  readonly travels: readonly Travel[];
  readonly events: readonly string[];
  readonly filters: readonly string[];
  readonly counts: readonly (readonly [number, number])[];
  readonly sizes: readonly number[];
  readonly copies: readonly number[];
  readonly uses: ReadonlySet<Use>;
}

const USES = [
  "read",
  "hold",
  "stream",
  "burst",
  "packet",
  "remove",
  "close",
  "keys",
  "after",
  "faults",
  "sibling",
  "match",
  "gap",
  "trim",
  "cut",
  "limit",
  "filter",
  "head",
  "extra",
  "spelled",
  "accept",
  "method",
] as const;

/** Features that a history has or has not. */
export type Use = (typeof USES)[number];

/** Names that differ in case, in one character, in their beginning or in a separator, and the longest one. */
const NAMES = [
  "message",
  "price",
  "Price",
  "prices",
  "pri",
  "a",
  "b",
  "c",
  "ab",
  "bc",
  "a/b:c.d_e-f",
  "0",
  "n".repeat(64),
];

/** How many messages a history publishes at a time. */
const COUNTS: readonly Swarm["counts"][] = [
  [[1, 1]],
  [[1, 3]],
  [
    [1, 3],
    [1, 12],
  ],
  [
    [1, 2],
    [60, 99],
    [100, 100],
  ],
  [
    [1, 5],
    [101, 300],
  ],
];

const SIZES: readonly Swarm["sizes"][] = [
  [0],
  [0, 200],
  [0, 20_000],
  [0, 0, 0, 100_000],
  [0, 1_500, 70_000],
  [0, 0, 0, 0, 700_000],
];

const TRAVELS: readonly Swarm["travels"][] = [
  ["close"],
  ["keep"],
  ["close", "keep"],
  ["close", "keep", "1.0"],
  ["1.0", "keep"],
];

/** Draw what a history uses. */
export function drawSwarm(dice: Dice, offers: Offers): Swarm {
  const share = dice.pick([0.3, 0.55, 0.55, 0.8]);
  const uses = new Set<Use>(USES.filter(() => dice.chance(share)));
  const events = dice.chance(0.5) ? NAMES.filter(() => dice.chance(0.4)) : ["message", "a"];
  const named = events.length > 0 ? events : ["message"];
  return {
    offers,
    travels: dice.pick(TRAVELS),
    events: named,
    filters: filtersOf(dice, named),
    counts: dice.pick(COUNTS),
    sizes: dice.pick(SIZES),
    copies: dice.pick([[1], [1, 1, 3], [1, 10], [2, 20], [1, 40]]),
    uses,
  };
}

/** Single names, lists in any order, lists whose texts differ only by a comma, the longest list, and names of nobody. */
function filtersOf(dice: Dice, named: readonly string[]): readonly string[] {
  const one = dice.pick(named);
  const other = dice.pick(named);
  const rest = Array.from({ length: 31 }, (_, index) => `n${index}`).join(",");
  return [
    ...named,
    `${one},${other}`,
    `${other},${one}`,
    `${one},${one}`,
    ...(dice.chance(0.5) ? ["ab,c", "a,bc", "abc", "a,b"] : []),
    `${one},${rest}`,
    "absent",
    "A",
    "message",
    "PRICE",
  ];
}
