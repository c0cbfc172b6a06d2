import type { Dice } from "./dice.ts";
import type {
  BurstStep,
  HistoryStep,
  HoldStep,
  PacketStep,
  Place,
  PublishFault,
  PublishStep,
  ReadFault,
  ReadStep,
  StreamStep,
} from "./steps.ts";
import type { Swarm } from "./swarm.ts";

type Base = Pick<PublishStep, "channel" | "travel">;

type Kind = readonly [weight: number, make: () => HistoryStep];

/** A step that the swarm allows. */
export function drawStep(dice: Dice, swarm: Swarm): HistoryStep {
  const base = {
    channel: swarm.uses.has("sibling") && dice.chance(0.2) ? (1 as const) : (0 as const),
    travel: dice.pick(swarm.travels),
  };
  const kinds = kindsOf(dice, swarm, base);
  let left = dice.random() * kinds.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, make] of kinds) {
    left -= weight;
    if (left < 0) return make();
  }
  return { do: "settle", ...base };
}

function kindsOf(dice: Dice, swarm: Swarm, base: Base): readonly Kind[] {
  const { uses, offers } = swarm;
  const all: readonly (readonly [boolean, ...Kind])[] = [
    [true, 6, () => drawPublish(dice, swarm, base)],
    [true, 4, () => ({ do: "settle", ...base })],
    [uses.has("read"), 7, () => drawRead(dice, swarm, base)],
    [uses.has("hold") && offers.longPoll, 4, () => drawHold(dice, swarm, base)],
    [uses.has("stream") && offers.sse, 4, () => drawStream(dice, swarm, base)],
    [uses.has("burst"), 2, () => drawBurst(dice, swarm, base)],
    [uses.has("packet"), 1, () => drawPacket(dice, swarm, base)],
    [uses.has("remove"), 0.7, () => ({ do: "remove", ...base })],
    [uses.has("method"), 0.7, () => ({ do: "method", method: dice.pick(METHODS), ...base })],
    [uses.has("trim") && offers.trim, 1, () => ({ do: "trim", keep: dice.pick([0, 1, 2, 5]), ...base })],
    [
      uses.has("cut") && offers.sse,
      1,
      () => ({ do: "cut", which: dice.int(0, 5), resume: dice.chance(0.8), ...base }),
    ],
  ];
  return all.filter(([isUsed]) => isUsed).map(([, ...kind]) => kind);
}

const METHODS = ["OPTIONS", "OPTIONS", "PUT", "PATCH", "get", "delete"] as const;

/** The most forms that a fault has; a form beyond the number of them begins again at the first. */
const FORMS = 60;

const PUBLISH_FAULTS: readonly PublishFault[] = ["type", "coding", "json", "shape", "event", "after", "key"];

const READ_FAULTS: readonly ReadFault[] = ["limit", "after", "event", "gap", "stream", "wait", "repeated"];

const SPELLINGS = ["spaced", "escaped", "extra", "explicit", "chunked", "typed", "query", "full"] as const;

/** A publish of few or many messages, small or large ones. */
export function drawPublish(dice: Dice, swarm: Swarm, base: Base): PublishStep {
  const { uses, offers } = swarm;
  const size = dice.pick(swarm.sizes);
  const [least, most] = dice.pick(swarm.counts);
  const close = uses.has("close") && dice.chance(0.06);
  const isEmpty = close && dice.chance(0.5);
  const fits = Math.max(1, Math.floor(400_000 / (size + 100)));
  return {
    do: "publish",
    tag: dice.tag(),
    count: isEmpty ? 0 : Math.min(dice.int(least, most), fits),
    size,
    events: dice.chance(0.5) ? [dice.pick(swarm.events)] : swarm.events,
    ...(close ? { close: true } : {}),
    ...(uses.has("after") && dice.chance(0.25) ? { after: drawPlace(dice, 0.6) } : {}),
    ...(uses.has("keys") && offers.keys && dice.chance(0.5) ? { key: dice.int(1, 6) } : {}),
    ...(uses.has("spelled") && dice.chance(0.4) ? { spelled: dice.pick(SPELLINGS) } : {}),
    // A publish without messages has no name that could be wrong.
    ...(!isEmpty && uses.has("faults") && dice.chance(0.15)
      ? { fault: dice.pick(PUBLISH_FAULTS), form: dice.int(0, FORMS) }
      : {}),
    ...base,
  };
}

/** A position: mostly the newest cursor, or one that the history has seen. */
export function drawPlace(dice: Dice, newest: number): Place {
  if (dice.chance(newest)) return { kind: "newest", n: 0 };
  if (dice.chance(0.2))
    return dice.pick<Place>([
      { kind: "foreign" },
      { kind: "sibling" },
      { kind: "forged", n: dice.int(0, 5) },
    ]);
  if (dice.chance(0.3)) return { kind: dice.pick(["start", "end", "none"] as const) };
  return { kind: dice.pick(["newest", "oldest"] as const), n: dice.int(0, dice.chance(0.5) ? 5 : 200) };
}

const LIMITS = [
  "1",
  "2",
  "3",
  "7",
  "100",
  "100000",
  "0002",
  "2147483649",
  "4294967297",
  "18446744073709551617",
  `1${"0".repeat(4_400)}`,
];

const READ_SPELLINGS = ["encoded", "reversed", "padded"] as const;

/** Attributes that every read by a cursor can have. */
function drawCommon(dice: Dice, { uses, offers, filters }: Swarm) {
  return {
    ...(uses.has("filter") && offers.filter && dice.chance(0.5) ? { event: dice.pick(filters) } : {}),
    ...(uses.has("gap") && dice.chance(0.4) ? { gap: dice.pick(["start", "end"] as const) } : {}),
    ...(uses.has("spelled") && dice.chance(0.3) ? { spelled: dice.pick(READ_SPELLINGS) } : {}),
  };
}

export function drawRead(dice: Dice, swarm: Swarm, base: Base): ReadStep {
  const { uses, offers } = swarm;
  const faults = READ_FAULTS.filter((fault) => fault !== "event" || offers.filter);
  return {
    do: "read",
    at: drawPlace(dice, 0.2),
    by: offers.longPoll && dice.chance(0.2) ? "now" : "poll",
    ...(uses.has("limit") && dice.chance(0.5) ? { limit: dice.pick(LIMITS) } : {}),
    ...drawCommon(dice, swarm),
    ...(uses.has("match") && dice.chance(0.5)
      ? { match: dice.pick(["last", "last", "strong", "listed", "any", "other"] as const) }
      : {}),
    ...(uses.has("head") && dice.chance(0.15) ? { head: true } : {}),
    ...(uses.has("extra") && dice.chance(0.2) ? { extra: true } : {}),
    ...(uses.has("extra") && dice.chance(0.15) ? { lastEventId: drawPlace(dice, 0.3) } : {}),
    ...(uses.has("accept") && dice.chance(0.4) ? { accept: dice.number() } : {}),
    ...(dice.chance(0.3) ? { coding: true } : {}),
    ...(uses.has("faults") && dice.chance(0.1) ? { fault: dice.pick(faults), form: dice.int(0, FORMS) } : {}),
    ...base,
  };
}

export function drawHold(dice: Dice, swarm: Swarm, base: Base): HoldStep {
  const { uses } = swarm;
  return {
    do: "hold",
    at: drawPlace(dice, 0.75),
    wait: dice.pick([1, 2, 8, 20]),
    ...(uses.has("spelled") && dice.chance(0.2) ? { huge: true } : {}),
    ...drawCommon(dice, swarm),
    ...(uses.has("limit") && dice.chance(0.3) ? { limit: dice.pick(["1", "2"]) } : {}),
    copies: dice.pick(swarm.copies),
    ...base,
  };
}

export function drawStream(dice: Dice, swarm: Swarm, base: Base): StreamStep {
  const { uses } = swarm;
  const by = dice.pick(["after", "after", "header", "both", "empty", "twice"] as const);
  const isHeader = by === "header" || by === "both";
  const malformed: Place = { kind: "malformed", form: dice.int(0, FORMS) };
  return {
    do: "stream",
    at: isHeader && uses.has("faults") && dice.chance(0.2) ? malformed : drawPlace(dice, 0.35),
    by,
    ...drawCommon(dice, swarm),
    ...(uses.has("accept") && dice.chance(0.5) ? { accept: dice.number() } : {}),
    ...(uses.has("extra") && dice.chance(0.3) ? { rival: drawPlace(dice, 0.3) } : {}),
    copies: dice.pick(swarm.copies),
    ...(dice.chance(0.5) ? { eager: true } : {}),
    ...(dice.chance(0.3) ? { coding: true } : {}),
    ...base,
  };
}

function drawBurst(dice: Dice, swarm: Swarm, base: Base): BurstStep {
  const tied = dice.chance(0.3);
  const small: Swarm = { ...swarm, counts: [[1, 3]], sizes: [0] };
  const posts = Array.from({ length: dice.int(2, 8) }, () => {
    const drawn = drawPublish(dice, small, { ...base, travel: "close" });
    const { close: _close, fault: _fault, form: _form, ...step } = drawn;
    const after = tied ? { after: { kind: "newest", n: 0 } as const } : {};
    return { ...step, count: Math.max(1, step.count), ...after };
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
