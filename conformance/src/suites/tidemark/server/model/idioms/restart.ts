import type { History } from "../steps.ts";
import { type Build, NEWEST, OLDEST, REMOVE, SETTLE } from "./build.ts";

/** A restart, and what has to survive it besides messages; and what must not come back if they did not survive. */
export function restart(b: Build): History {
  const { dice, swarm } = b;
  const keyed = b.publish(swarm.offers.keys ? { key: 70 } : {});
  const reads = [
    b.read({ at: b.anyPlace(), ...b.gap() }),
    ...b.stream({ at: b.anyPlace(), ...b.gap() }),
    ...b.hold({ at: b.anyPlace() }),
    b.read({ at: OLDEST }),
    b.read({ at: { kind: "oldest", n: 1 } }),
  ];
  return [
    ...b.some([b.read()], 0.5),
    keyed,
    b.publish({ count: dice.int(1, 4) }),
    ...b.some(b.trim(1), 0.4),
    ...(dice.chance(0.3) ? [REMOVE, b.publish()] : []),
    ...b.some([b.close({ count: dice.pick([0, 1]) })], 0.4),
    b.read({ at: NEWEST }),
    { do: "restart", channel: 0, travel: "close" },
    ...b.shuffle(reads),
    keyed,
    ...b.some(b.shuffle(reads), 0.5),
    b.publish(),
    SETTLE,
    b.read({ at: OLDEST }),
    b.read(),
  ];
}
