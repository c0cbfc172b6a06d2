import type { Dice } from "./dice.ts";
import type { Offers } from "./offers.ts";
import type {
  BurstStep,
  HistoryStep,
  HoldStep,
  PacketStep,
  Place,
  PublishStep,
  ReadStep,
  StreamStep,
  Travel,
} from "./steps.ts";

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

/** Features that a history has or has not. */
export type Use =
  | "read"
  | "hold"
  | "stream"
  | "burst"
  | "packet"
  | "remove"
  | "close"
  | "keys"
  | "after"
  | "faults"
  | "sibling"
  | "match"
  | "gap"
  | "trim"
  | "cut"
  | "limit"
  | "filter"
  | "head"
  | "extra";

const USES: readonly Use[] = [
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
];

/** Names that differ in case, in one character, in their beginning, and the longest one. */
const NAMES = ["message", "price", "Price", "prices", "pri", "a", "b", "a/b:c.d_e-f", "0", "n".repeat(64)];

/** Draw what a history uses. */
export function drawSwarm(dice: Dice, offers: Offers): Swarm {
  const uses = new Set(USES.filter(() => dice.chance(0.55)));
  const events = dice.chance(0.5) ? NAMES.filter(() => dice.chance(0.4)) : ["message", "a"];
  const named = events.length > 0 ? events : ["message"];
  const list = named.slice(0, 2).join(",");
  return {
    offers,
    travels: dice.pick([["close"], ["keep"], ["close", "keep"], ["close", "keep", "1.0"], ["1.0", "keep"]]),
    events: named,
    filters: [...named, list, `${named[0]},${named[0]}`, "absent", "A", "message", "PRICE"],
    counts: dice.pick([
      [[1, 3]],
      [
        [1, 3],
        [1, 12],
      ],
      [
        [1, 2],
        [60, 100],
      ],
      [
        [1, 5],
        [101, 300],
      ],
      [[1, 1]],
    ]),
    sizes: dice.pick([[0], [0, 200], [0, 20_000], [0, 0, 0, 100_000], [0, 1_500, 70_000]]),
    copies: dice.pick([[1], [1, 1, 3], [1, 10], [2, 20], [1, 40]]),
    uses,
  };
}

/** A step that the swarm allows. */
export function drawStep(dice: Dice, swarm: Swarm): HistoryStep {
  const { uses, offers } = swarm;
  const base = {
    channel: uses.has("sibling") && dice.chance(0.2) ? (1 as const) : (0 as const),
    travel: dice.pick(swarm.travels),
  };
  const kinds: [number, () => HistoryStep][] = [
    [6, () => drawPublish(dice, swarm, base)],
    [4, () => ({ do: "settle", ...base })],
    ...(uses.has("read") ? [[7, () => drawRead(dice, swarm, base)] as [number, () => HistoryStep]] : []),
    ...(uses.has("hold") && offers.longPoll
      ? [[4, () => drawHold(dice, swarm, base)] as [number, () => HistoryStep]]
      : []),
    ...(uses.has("stream") && offers.sse
      ? [[4, () => drawStream(dice, swarm, base)] as [number, () => HistoryStep]]
      : []),
    ...(uses.has("burst") ? [[2, () => drawBurst(dice, swarm, base)] as [number, () => HistoryStep]] : []),
    ...(uses.has("packet") ? [[1, () => drawPacket(dice, swarm, base)] as [number, () => HistoryStep]] : []),
    ...(uses.has("remove")
      ? [[0.7, () => ({ do: "remove", ...base }) as const] as [number, () => HistoryStep]]
      : []),
    ...(uses.has("trim") && offers.trim
      ? [
          [1, () => ({ do: "trim", keep: dice.pick([0, 1, 2, 5]), ...base }) as const] as [
            number,
            () => HistoryStep,
          ],
        ]
      : []),
    ...(uses.has("cut") && offers.sse
      ? [
          [1, () => ({ do: "cut", which: dice.int(0, 5), resume: dice.chance(0.8), ...base }) as const] as [
            number,
            () => HistoryStep,
          ],
        ]
      : []),
  ];
  let left = dice.random() * kinds.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, make] of kinds) {
    left -= weight;
    if (left < 0) return make();
  }
  return { do: "settle", ...base };
}

type Base = Pick<PublishStep, "channel" | "travel">;

/** A publish of few or many messages, small or large ones. */
export function drawPublish(dice: Dice, swarm: Swarm, base: Base): PublishStep {
  const { uses, offers } = swarm;
  const size = dice.pick(swarm.sizes);
  const [least, most] = dice.pick(swarm.counts);
  const close = uses.has("close") && dice.chance(0.06);
  const count =
    close && dice.chance(0.5)
      ? 0
      : Math.min(dice.int(least, most), Math.max(1, Math.floor(400_000 / (size + 100))));
  // A publish without messages has no name that could be wrong.
  const faulty = count > 0 && uses.has("faults") && dice.chance(0.15);
  return {
    do: "publish",
    tag: dice.tag(),
    count,
    size,
    events: dice.chance(0.5) ? [dice.pick(swarm.events)] : swarm.events,
    ...(close ? { close: true } : {}),
    ...(uses.has("after") && dice.chance(0.25) ? { after: drawPlace(dice, 0.6) } : {}),
    ...(uses.has("keys") && offers.keys && dice.chance(0.5) ? { key: dice.int(1, 6) } : {}),
    ...(faulty
      ? {
          fault: dice.pick([
            "type",
            "json",
            "empty",
            "event",
            "after",
            ...(offers.keys ? (["key"] as const) : []),
          ] as const),
        }
      : {}),
    ...base,
  };
}

/** A position: mostly the newest cursor, or one that the history has seen. */
export function drawPlace(dice: Dice, newest: number): Place {
  if (dice.chance(newest)) return { kind: "newest", n: 0 };
  if (dice.chance(0.15)) return { kind: dice.pick(["foreign", "sibling"] as const) };
  if (dice.chance(0.3)) return { kind: dice.pick(["start", "end", "none"] as const) };
  return { kind: dice.pick(["newest", "oldest"] as const), n: dice.int(0, dice.chance(0.5) ? 5 : 200) };
}

export function drawRead(dice: Dice, swarm: Swarm, base: Base): ReadStep {
  const { uses, offers } = swarm;
  const faulty = uses.has("faults") && dice.chance(0.08);
  return {
    do: "read",
    at: drawPlace(dice, 0.2),
    by: offers.longPoll && dice.chance(0.2) ? "now" : "poll",
    ...(uses.has("limit") && dice.chance(0.5) ? { limit: dice.pick([1, 2, 3, 7, 100, 100_000]) } : {}),
    ...(uses.has("filter") && offers.filter && dice.chance(0.5) ? { event: dice.pick(swarm.filters) } : {}),
    ...(uses.has("gap") && dice.chance(0.4) ? { gap: dice.pick(["start", "end"] as const) } : {}),
    ...(uses.has("match") && dice.chance(0.5)
      ? { match: dice.pick(["last", "last", "any", "other"] as const) }
      : {}),
    ...(uses.has("head") && dice.chance(0.15) ? { head: true } : {}),
    ...(uses.has("extra") && dice.chance(0.2) ? { extra: true } : {}),
    ...(uses.has("extra") && dice.chance(0.15) ? { lastEventId: drawPlace(dice, 0.3) } : {}),
    ...(uses.has("extra") && dice.chance(0.3) ? { accept: true } : {}),
    ...(dice.chance(0.3) ? { coding: true } : {}),
    ...(faulty ? { fault: dice.pick(["limit", "after", "event", "repeated", "gap"] as const) } : {}),
    ...base,
  };
}

export function drawHold(dice: Dice, swarm: Swarm, base: Base): HoldStep {
  const { uses, offers } = swarm;
  return {
    do: "hold",
    at: drawPlace(dice, 0.75),
    wait: dice.pick([1, 2, 8, 20]),
    ...(uses.has("filter") && offers.filter && dice.chance(0.5) ? { event: dice.pick(swarm.filters) } : {}),
    ...(uses.has("gap") && dice.chance(0.3) ? { gap: dice.pick(["start", "end"] as const) } : {}),
    ...(uses.has("limit") && dice.chance(0.2) ? { limit: dice.pick([1, 2]) } : {}),
    copies: dice.pick(swarm.copies),
    ...base,
  };
}

export function drawStream(dice: Dice, swarm: Swarm, base: Base): StreamStep {
  const { uses, offers } = swarm;
  return {
    do: "stream",
    at: drawPlace(dice, 0.35),
    by: dice.pick(["after", "after", "header", "both"] as const),
    ...(uses.has("filter") && offers.filter && dice.chance(0.5) ? { event: dice.pick(swarm.filters) } : {}),
    ...(uses.has("gap") && dice.chance(0.4) ? { gap: dice.pick(["start", "end"] as const) } : {}),
    ...(dice.chance(0.3) ? { accept: true } : {}),
    copies: dice.pick(swarm.copies),
    ...(dice.chance(0.5) ? { eager: true } : {}),
    ...(dice.chance(0.3) ? { coding: true } : {}),
    ...base,
  };
}

function drawBurst(dice: Dice, swarm: Swarm, base: Base): BurstStep {
  const tied = dice.chance(0.3);
  const posts = Array.from({ length: dice.int(2, 8) }, () => {
    const {
      close: _close,
      fault: _fault,
      ...step
    } = drawPublish(dice, { ...swarm, counts: [[1, 3]], sizes: [0] }, { ...base, travel: "close" });
    return {
      ...step,
      count: Math.max(1, step.count),
      ...(tied ? { after: { kind: "newest", n: 0 } as const } : {}),
    };
  });
  const twice = dice.chance(0.3) ? posts.slice(0, 2) : [];
  const keyed = twice.filter(({ key }) => key !== undefined);
  return { do: "burst", posts: [...posts, ...keyed], pauseMs: dice.pick([0, 0, 1, 5, 15]), ...base };
}

function drawPacket(dice: Dice, swarm: Swarm, base: Base): PacketStep {
  const reads = Array.from({ length: dice.int(2, 5) }, () =>
    drawRead(dice, swarm, { ...base, travel: "keep" }),
  );
  return { do: "packet", reads, ...base };
}
