import type { History } from "../steps.ts";
import { type Build, NEWEST, OLDEST, REMOVE, SETTLE } from "./build.ts";

/** The end of an epoch, with readers that wait for it, and what must not survive it. */
export function removal(b: Build): History {
  const { dice, swarm } = b;
  const key = swarm.offers.keys ? { key: 90 } : {};
  const keyed = b.publish(key);
  const readers = [
    ...b.stream({ copies: dice.pick([1, 5]), ...b.filter(0.3) }),
    ...b.hold({ ...b.gap(1), ...b.filter(0.3) }),
    ...b.hold(),
  ];
  const before = dice.chance(0.8) ? [keyed] : [b.read({ at: { kind: "end" } })];
  return [
    ...before,
    ...b.some(readers, 0.6),
    REMOVE,
    ...b.some([SETTLE], 0.6),
    ...b.some([b.read({ at: { kind: "end" } })], 0.5),
    b.read({ at: NEWEST }),
    keyed,
    b.read(),
    SETTLE,
    ...b.some([b.read({ at: OLDEST }), ...b.stream({ at: OLDEST, ...b.gap() })]),
    ...(dice.chance(0.3) ? [REMOVE, keyed, b.read({ at: { kind: "oldest", n: 1 } })] : []),
  ];
}

/** Readers that wait, and nothing else happens but the removal or the close of the channel. */
export function heldRemoval(b: Build): History {
  const { dice } = b;
  const last = dice.pick([REMOVE, b.close()]);
  return [
    b.publish({ count: 2 }),
    ...b.hold({ ...b.gap(), ...b.filter(), copies: dice.pick([1, 20]) }),
    ...b.some(b.stream({ ...b.filter(), copies: dice.pick([1, 10]) })),
    last,
    SETTLE,
  ];
}

/** A channel that nobody has written to: its first cursor goes on. */
export function unwritten(b: Build): History {
  const { dice } = b;
  const at = dice.pick([{ kind: "end" }, { kind: "start" }, { kind: "none" }] as const);
  const first = dice.pick([
    [b.read({ at })],
    b.stream({ at, by: "after" }),
    [b.read({ at, by: b.swarm.offers.longPoll ? "now" : "poll" })],
  ]);
  const quiet = dice.chance(0.5) ? [b.rest(dice.pick([5, 60]))] : [];
  return [
    ...first,
    ...b.some([b.cut(0)]),
    ...quiet,
    ...b.some([REMOVE], 0.2),
    ...b.some([b.read({ at: NEWEST }), ...b.hold(), ...b.stream(), b.publish({ after: NEWEST })], 0.6),
    b.publish(),
    SETTLE,
    b.read({ at: OLDEST }),
  ];
}
