import type { History } from "../steps.ts";
import { type Build, NEWEST, OLDEST, SETTLE } from "./build.ts";

/** How much later than its time a heartbeat is still waited for. */
const BEAT_SLACK_S = 2.5;

/** Streams that have carried messages, or skipped some, until their heartbeats. */
export function silence(b: Build): History {
  const { dice } = b;
  const restMs = ((b.swarm.offers.heartbeatS ?? 1) + BEAT_SLACK_S) * 1_000;
  const streams = [
    ...b.stream({ by: "after" }),
    ...b.stream({ by: "after", ...b.only("b") }),
    ...b.stream({ by: "header", at: OLDEST, ...b.filter(0.7) }),
    ...b.stream({ channel: 1, at: { kind: "start" }, by: "after" }),
  ];
  return [
    b.publish({ count: dice.int(1, 3), events: ["a", "b"] }),
    ...b.some([b.publish({ channel: 1, count: 3 })]),
    ...streams,
    b.publish({ count: 3, events: dice.pick([["b", "a", "a"], ["a"], ["a", "b"]]) }),
    SETTLE,
    ...b.some([b.rest(dice.pick([300, 900])), b.publish({ events: ["a"] })], 0.6),
    b.rest(restMs),
    b.publish({ events: ["b"] }),
    b.cut(dice.int(0, 3)),
    SETTLE,
  ];
}

/** Holds that nothing ends, and some whose filter drops what is published meanwhile, until their waits are over. */
export function wholeWaits(b: Build): History {
  const { dice } = b;
  const waits = dice.pick([[1, 2], [1, 4], [2, 5], [8]]);
  const holds = waits.flatMap((wait) => [
    ...b.hold({ wait, copies: dice.pick([1, 3]) }),
    ...b.hold({ wait, ...b.only("b") }),
  ]);
  return [
    b.publish({ count: 2, events: ["a", "b"] }),
    ...holds,
    ...(dice.chance(0.6) ? [b.publish({ count: dice.pick([1, 60]), events: ["a"] }), SETTLE] : []),
  ];
}

/** A key shortly before its life ends. */
export function keyLife(b: Build): History {
  const { keyTtlS = 0 } = b.swarm.offers;
  const keyed = b.publish({ key: 40 });
  const other = b.publish({ key: 41 });
  return [
    keyed,
    b.publish(),
    other,
    b.rest(keyTtlS * KEY_SHARE * 1_000),
    keyed,
    other,
    b.read({ at: NEWEST }),
  ];
}

const KEY_SHARE = 0.85;
