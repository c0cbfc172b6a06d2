import type { History, HistoryStep, ReadStep } from "../steps.ts";
import { type Build, NEWEST, OLDEST, REMOVE } from "./build.ts";

/** The same conditional read before and after something changes, in any order of its conditions. */
export function validators(b: Build): History {
  const { dice } = b;
  const at = dice.pick([NEWEST, { kind: "newest", n: 1 }, { kind: "newest", n: 2 }, OLDEST] as const);
  const limit = dice.chance(0.6) ? { limit: String(dice.int(1, 3)) } : {};
  const plain = b.read({ at, ...limit, ...b.filter() });
  const fixed: ReadStep = { ...plain, travel: "close" };
  const conditions = (["last", "strong", "listed", "any", "other"] as const).map((match) => ({
    ...fixed,
    match,
  }));
  const changes: readonly HistoryStep[] = [
    b.publish({ events: b.swarm.events }),
    b.close(),
    b.close({ count: 1 }),
    REMOVE,
    b.read({ at, ...b.filter(1) }),
  ];
  const again = (): History =>
    b.some(b.shuffle([fixed, ...conditions, { ...fixed, match: "last", head: true }, ...conditions]), 0.5);
  // A known place stays the same place: the newest cursor would move.
  const here = { ...fixed, at: { kind: "oldest", n: dice.int(0, 2) } } as const;
  const still = (): History =>
    b.some([here, { ...here, match: "last" }, { ...here, match: "other" }, here], 0.7);
  return [
    b.publish({ count: dice.int(1, 4), events: b.swarm.events }),
    fixed,
    ...again(),
    here,
    ...still(),
    dice.pick(changes),
    ...still(),
    ...again(),
    ...(dice.chance(0.3) ? [dice.pick(changes), ...still()] : []),
  ];
}

/** Read everything, page by page, with every limit, on an open or a closed channel. */
export function walk(b: Build): History {
  const { dice } = b;
  const count = dice.int(2, 10);
  const filter = b.filter(0.7);
  const isClosed = dice.chance(0.5);
  const limit = dice.pick([1, 2, 3, count - 1, count]);
  const by = b.swarm.offers.longPoll && dice.chance(0.3) ? "now" : "poll";
  const reads = Array.from({ length: count }, (_, n) =>
    b.read({
      at: { kind: "newest", n },
      by,
      limit: String(dice.chance(0.3) ? Math.max(1, n) : limit),
      ...filter,
    }),
  );
  const publish = b.publish({ count, events: b.swarm.events, ...(isClosed ? { close: true } : {}) });
  return [publish, ...b.some(reads, 0.6), b.read({ limit: String(limit), ...filter })];
}

/** One URL with different fields: what a server remembers of a URL must not decide another request. */
export function sameUrl(b: Build): History {
  const { dice } = b;
  const at = dice.pick([{ kind: "none" }, { kind: "start" }, OLDEST] as const);
  const query = { at, ...b.filter(), ...b.gap(0.2) };
  const poll = b.read(query);
  const all: readonly HistoryStep[] = [
    poll,
    { ...poll, accept: dice.number() },
    { ...poll, head: true },
    { ...poll, head: true, accept: dice.number() },
    { ...poll, lastEventId: NEWEST },
    ...b.stream({ ...query, by: "after", accept: dice.number() }),
    ...b.stream({ ...query, by: "both", at: NEWEST, accept: dice.number() }),
    ...b.stream({ ...query, by: "header", at: NEWEST, rival: OLDEST }),
    b.publish(),
    poll,
  ];
  return [b.publish({ count: 2, events: b.swarm.events }), poll, ...b.some(b.shuffle(all), 0.6)];
}

/** More messages than a page, a replay or a cursor of few digits holds. */
export function longLog(b: Build): History {
  const { dice } = b;
  const blocks = Array.from({ length: dice.int(4, 12) }, () =>
    b.publish({ count: 100, events: ["message"] }),
  );
  const at = { kind: "newest", n: dice.pick([0, 1, 3]) } as const;
  return [
    ...blocks,
    b.publish({ count: 3 }),
    b.read({ at }),
    ...b.some([b.read({ at: { kind: "newest", n: 150 } }), ...b.hold(), ...b.stream({ at })]),
    b.publish(),
    b.read({ at }),
  ];
}

/** Numbers of messages, and their sizes: together small, in between, and just below what every server takes. */
const VOLUMES: readonly (readonly [count: number, size: number])[] = [
  [1, 0],
  [8, 0],
  [8, 200],
  [1, 20_000],
  [20, 2_000],
  [1, 60_000],
];

/** Bodies of the greatest size, and messages written in other ways, read back by every mechanism. */
export function spelledBodies(b: Build): History {
  const { dice, swarm } = b;
  const spelled = (
    ["spaced", "escaped", "extra", "explicit", "chunked", "chunked", "typed", "query", "full"] as const
  ).map((how) => {
    const [count, size] = dice.pick(VOLUMES);
    return b.publish({ spelled: how, count, size, events: swarm.events });
  });
  const exact = b.publish({ count: 100, ...(dice.chance(0.5) ? { spelled: "full" } : {}) });
  const reads = [b.read(), b.read({ at: { kind: "newest", n: 10 } }), ...b.stream({ at: OLDEST })];
  return [...b.some(b.stream()), ...b.some(b.shuffle([...spelled, exact]), 0.5), ...reads];
}

/** Reads in forms that have to be refused, beside right ones. */
export function faultyReads(b: Build): History {
  const { dice } = b;
  const faults = (["limit", "after", "event", "gap", "stream", "wait", "repeated"] as const)
    .filter((fault) => fault !== "event" || b.swarm.offers.filter)
    .flatMap((fault) => Array.from({ length: 2 }, () => b.read({ fault, form: dice.int(0, 60) })));
  const bodies = (["type", "coding", "json", "shape", "event", "after", "key"] as const).map((fault) =>
    b.publish({ fault, form: dice.int(0, 60) }),
  );
  const ids = [0, 1, 2].flatMap(() => [
    ...b.stream({ by: "header", at: { kind: "malformed", form: dice.int(0, 60) }, ...b.gap() }),
    ...b.stream({ by: "twice", ...b.gap() }),
  ]);
  return [b.publish({ count: 2 }), ...b.some(b.shuffle([...faults, ...bodies, ...ids]), 0.6), b.read()];
}

/** Numbers above every limit, in every kind of request that takes one. */
export function hugeNumbers(b: Build): History {
  const { dice } = b;
  const limits = [
    "2147483648",
    "4294967296",
    "4294967297",
    "18446744073709551617",
    "0003",
    `1${"0".repeat(4_400)}`,
  ];
  const reads = limits.map((limit) =>
    b.read({ limit, at: OLDEST, spelled: dice.pick(["encoded", "padded"] as const) }),
  );
  const holds = [...b.hold({ huge: true, limit: dice.pick(limits) }), ...b.hold({ huge: true })];
  return [
    b.publish({ count: 5 }),
    ...b.shuffle(reads),
    ...holds,
    b.publish(),
    b.read({ limit: dice.pick(limits) }),
  ];
}
