import type { History, HistoryStep } from "../steps.ts";
import { type Build, NEWEST, OLDEST, REMOVE, SETTLE } from "./build.ts";

/** The end of a channel, with readers that wait for it and with what comes after it. */
export function closing(b: Build): History {
  const { dice, swarm } = b;
  const key = swarm.offers.keys && dice.chance(0.5) ? { key: 80 } : {};
  const tied = dice.chance(0.5) ? { after: NEWEST } : {};
  const close = b.close({ count: dice.pick([0, 0, 1, 3]), ...key, ...tied });
  const readers = [
    ...b.hold({ copies: dice.pick([1, 1, 10]), ...b.filter() }),
    ...b.stream(b.filter()),
    ...b.stream({ by: "after" }),
  ];
  const before = dice.pick<History>([[b.publish({ count: 3, events: swarm.events })], [b.read()], []]);
  const known = before.length > 0 && dice.chance(0.5) ? [b.read({ at: NEWEST })] : [];
  return [
    ...before,
    ...known,
    ...b.some(readers),
    close,
    ...b.some([SETTLE], 0.5),
    ...known,
    ...b.some(b.shuffle([...lateReads(b), ...latePublishes(b), ...("key" in key ? [close] : [])]), 0.6),
    ...(dice.chance(0.4) ? reopened(b) : []),
  ];
}

/** Every kind of read at every kind of position of a closed channel. */
function lateReads(b: Build): readonly HistoryStep[] {
  return [
    b.read({ at: NEWEST }),
    b.read({ at: { kind: "newest", n: b.dice.int(1, 3) }, limit: String(b.dice.int(1, 3)), ...b.filter() }),
    ...b.hold(),
    ...b.hold({ at: b.anyPlace(), ...b.filter(), ...b.gap() }),
    ...b.stream({ by: "header" }),
    ...b.stream({ by: "header", ...b.filter(0.8) }),
    ...b.stream({ by: "after", ...b.filter() }),
    ...b.stream({ by: "header", at: b.anyPlace(), ...b.filter(), ...b.gap() }),
    ...b.stream({ by: "header", at: { kind: "newest", n: 1 }, ...b.only("absent") }),
    ...b.stream({ by: "both", at: b.anyPlace(), ...b.gap() }),
  ];
}

function latePublishes(b: Build): readonly HistoryStep[] {
  return [
    b.publish(),
    b.publish({ after: OLDEST }),
    b.publish({ after: NEWEST }),
    b.close(),
    b.close({ after: NEWEST }),
    b.close({ after: OLDEST }),
    b.close({ count: 1, after: OLDEST }),
  ];
}

function reopened(b: Build): History {
  return [REMOVE, b.read(), b.publish(), b.read(), ...b.some([b.read({ at: OLDEST })])];
}
