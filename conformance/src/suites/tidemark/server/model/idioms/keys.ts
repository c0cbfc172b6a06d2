import type { History } from "../steps.ts";
import { type Build, NEWEST, OLDEST, REMOVE } from "./build.ts";

/** Many keys in a row, then some of them again, also as other publishes. */
export function keysInARow(b: Build): History {
  if (!b.swarm.offers.keys) return [b.publish()];
  const count = b.dice.int(2, 40);
  const keyed = Array.from({ length: count }, (_, index) => b.publish({ key: 10 + index }));
  const again = [keyed[0], keyed.at(-1), b.dice.pick(keyed)].filter((step) => step !== undefined);
  const other = b.dice.chance(0.5) ? [b.publish({ key: 10 + b.dice.int(0, count) })] : [];
  return [...keyed, ...again, ...other, b.read({ at: { kind: "newest", n: 3 } })];
}

/** The key of one publish with another one: other messages, another `after` or `close`, or other bytes. */
export function sameKey(b: Build): History {
  if (!b.swarm.offers.keys) return [b.publish()];
  const { dice } = b;
  const key = 90 + dice.int(0, 5);
  const first = b.publish({
    key,
    count: dice.pick([1, 1, 2, 100, 300]),
    ...(dice.chance(0.3) ? { close: true } : {}),
    ...(dice.chance(0.3) ? { after: NEWEST } : {}),
  });
  const { close: _close, after: _after, ...plain } = first;
  const others = b.shuffle([
    first,
    { ...plain, close: true as const },
    { ...plain, after: OLDEST },
    { ...first, events: ["other"] },
    { ...first, spelled: dice.pick(["spaced", "escaped", "explicit"] as const) },
    { ...first, count: first.count + 1 },
    { ...first, channel: 1 as const },
    { ...first, key: key % 2 === 0 ? key + 1 : key - 1 },
  ]);
  return [
    b.read(),
    b.publish(),
    first,
    ...b.some(others, 0.5),
    b.read({ at: OLDEST }),
    b.read({ channel: 1 }),
  ];
}

/** A publish that is refused has no effect, and its key is free. */
export function refusedThenRepeated(b: Build): History {
  const { dice, swarm } = b;
  const key = swarm.offers.keys ? { key: 60 + dice.int(0, 9) } : {};
  const late = b.publish({ after: OLDEST, ...key });
  const fault = dice.pick(["json", "shape", "event", "after", "type"] as const);
  const first = dice.chance(0.5) ? b.publish({ fault, form: dice.int(0, 60), ...key }) : late;
  const { after: _, ...free } = late;
  const again = dice.chance(0.5) ? [late] : [];
  return [
    b.publish(),
    b.publish(),
    first,
    ...again,
    { ...free, tag: dice.tag() },
    b.read({ at: { kind: "newest", n: 1 } }),
  ];
}

/** Publishes that depend on the end of an empty channel, of one with messages, and of a new epoch. */
export function tiedToTheEnd(b: Build): History {
  const { dice } = b;
  const ends = ["start", "end", "none", "foreign", "sibling"].map((kind) => ({ kind }) as { kind: "start" });
  const tied = (): History =>
    b.some(
      [
        ...ends.map((after) => b.publish({ after })),
        b.publish({ after: NEWEST }),
        b.close({ after: OLDEST }),
      ],
      0.4,
    );
  return [
    ...b.some([b.read({ at: dice.pick([{ kind: "start" }, { kind: "end" }] as const) })]),
    ...tied(),
    b.publish(),
    ...tied(),
    ...(dice.chance(0.3) ? [REMOVE, ...tied()] : []),
    b.read(),
  ];
}
