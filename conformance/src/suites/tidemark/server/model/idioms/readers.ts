import type { History, Place } from "../steps.ts";
import { type Build, NEWEST, OLDEST, REMOVE, SETTLE } from "./build.ts";

export function manyHolds(b: Build): History {
  const copies = b.dice.pick([3, 10, 20, 40]);
  const count = b.dice.pick([1, 3, 12, 100]);
  const limit = b.dice.chance(0.6) ? { limit: String(b.dice.int(1, 2)) } : {};
  return [b.publish(), ...b.hold({ copies, ...limit }), b.publish({ count }), SETTLE];
}

/** A hold whose filter drops some messages before one that it keeps. */
export function heldFilter(b: Build): History {
  const { dice } = b;
  const hold = b.hold({ ...b.only("b"), ...(dice.chance(0.4) ? { limit: "1" } : {}) });
  const misses = b.publish({ events: ["a"], count: dice.pick([1, 3, 60]) });
  const hit = b.publish({ events: dice.pick([["b"], ["a", "b", "a"]]), count: dice.pick([1, 3]) });
  return [
    b.publish({ events: ["a", "b"], count: 4 }),
    ...hold,
    misses,
    ...b.some([SETTLE], 0.6),
    ...b.some([hit]),
    SETTLE,
    ...(dice.chance(0.4) ? [REMOVE, SETTLE] : []),
  ];
}

/** A hold at a position that is lost has to be answered at once. */
export function heldGap(b: Build): History {
  const places: readonly Place[] = [{ kind: "foreign" }, { kind: "forged", n: 0 }, { kind: "sibling" }];
  const at = b.dice.pick(places);
  return [
    b.publish({ count: 3, events: b.swarm.events }),
    b.read(),
    ...b.hold({ at, ...b.gap(0.8), ...b.filter(), limit: "1" }),
    b.read({ at, ...b.gap(1), ...b.filter(), limit: String(b.dice.int(1, 2)) }),
    ...b.stream({ at, ...b.gap(0.8), ...b.filter() }),
    SETTLE,
  ];
}

/** A long replay, and a publish before it is over. */
export function longReplay(b: Build): History {
  const { dice } = b;
  const count = dice.pick([60, 100, 100, 100]);
  const blocks = Array.from({ length: dice.int(1, 5) }, () => b.publish({ count, events: b.swarm.events }));
  const at: Place = dice.pick([{ kind: "start" }, OLDEST, { kind: "oldest", n: 40 }]);
  return [
    ...blocks,
    ...b.stream({ at, by: "after", eager: true, ...b.filter() }),
    b.publish(),
    ...b.some([b.publish()], 0.5),
    SETTLE,
    b.publish(),
    SETTLE,
  ];
}

/** Many streams of one channel, with the same filter or with different ones. */
export function manyStreams(b: Build): History {
  const { dice } = b;
  const copies = dice.pick([5, 10, 20, 40]);
  const alike = b.stream({ copies, ...b.filter() });
  const different = [0, 1, 2, 3].flatMap(() =>
    b.stream({ by: "after", copies: dice.pick([1, 3]), ...b.filter(0.9) }),
  );
  return [
    b.publish(),
    ...dice.pick([alike, different, different]),
    b.publish({ count: dice.pick([1, 3, 12]), events: b.swarm.events }),
    SETTLE,
    b.publish({ count: dice.pick([1, 3]), events: b.swarm.events }),
    SETTLE,
  ];
}

/** Names and lists that look alike when they are joined: each filter has its own pages, holds and streams. */
export function alikeFilters(b: Build): History {
  const { dice } = b;
  const events = ["ab", "c", "a", "bc", "abc"];
  const filters = b.shuffle(["ab,c", "a,bc", "abc", "a,b,c", "c,ab"]).slice(0, 3);
  const limit = dice.chance(0.5) ? { limit: String(dice.int(1, 4)) } : {};
  const at = dice.pick([OLDEST, { kind: "none" }] as const);
  const reads = filters.flatMap((event) => {
    const read = b.read({ at: OLDEST, ...b.only(event), ...limit });
    return [read, { ...read, match: "last" as const }, read];
  });
  const streams = filters.flatMap((event) => [
    ...b.stream({ at, by: "after", ...b.only(event) }),
    ...b.hold(b.only(event)),
  ]);
  return [
    b.publish({ count: dice.int(5, 8), events }),
    ...b.some(b.shuffle(reads), 0.8),
    ...b.some(streams),
    b.publish({ count: dice.int(1, 5), events: b.shuffle(events) }),
    SETTLE,
    ...b.some(b.shuffle(reads), 0.5),
  ];
}

export function resumption(b: Build): History {
  const publish = (): History => [b.publish({ count: b.dice.int(1, 5), events: b.swarm.events })];
  const rounds = Array.from({ length: b.dice.int(1, 3) }, () => [...publish(), SETTLE, b.cut(0)]);
  return [
    b.publish({ count: 3, events: b.swarm.events }),
    ...b.stream({ at: OLDEST, by: "header", ...b.filter() }),
    ...rounds.flat(),
    b.publish(),
    SETTLE,
  ];
}

/** Large messages by every mechanism. */
export function largeMessages(b: Build): History {
  const { dice } = b;
  const size = dice.pick([20_000, 60_000, 100_000, 350_000, 1_000_000]);
  const large = b.publish({ size, count: size > 200_000 ? 1 : dice.int(1, 4) });
  const stream = b.stream({ by: "after", at: { kind: "start" }, coding: true });
  return [
    b.publish(),
    ...b.hold(),
    ...b.some(stream, 0.5),
    large,
    b.publish(),
    SETTLE,
    b.read(),
    b.read({ at: { kind: "newest", n: 2 } }),
    ...stream,
    SETTLE,
  ];
}

/** Streams by every version of HTTP, in every coding that a browser takes, each event at once. */
export function travelledStreams(b: Build): History {
  const streams = (["1.0", "keep", "close"] as const).flatMap((travel) => [
    ...b.stream({ travel, coding: true }),
    ...b.stream({ travel, ...b.filter() }),
    ...b.hold({ travel }),
  ]);
  return [
    b.publish(),
    ...b.shuffle(streams),
    b.publish({ count: 2 }),
    SETTLE,
    b.publish({ size: 200 }),
    SETTLE,
  ];
}

/** A channel and its sibling: nothing of one shows in the other. */
export function siblings(b: Build): History {
  const other = { channel: 1 } as const;
  const { dice } = b;
  return [
    ...b.some([b.publish({ count: 2 })]),
    ...b.some([...b.stream({ ...other, at: { kind: "start" }, by: "after" }), ...b.hold(other)]),
    b.publish({ ...other, count: dice.int(1, 3) }),
    b.read({ at: { kind: "sibling" }, ...b.gap() }),
    ...b.stream({ at: { kind: "sibling" }, ...b.gap() }),
    b.publish(),
    b.read(),
    b.read({ ...other, at: NEWEST }),
    ...b.some([{ ...REMOVE, ...other }]),
    b.read(),
    SETTLE,
    b.read(other),
  ];
}
