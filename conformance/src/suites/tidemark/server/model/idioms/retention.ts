import type { History, Place } from "../steps.ts";
import { type Build, SETTLE } from "./build.ts";

/** What is lost, by every kind of read. */
export function retention(b: Build): History {
  const { dice } = b;
  const keep = dice.pick([0, 1, 3]);
  const gap = b.gap();
  const at: Place = { kind: "oldest", n: dice.int(0, 6) };
  const reads = [
    b.read({ at, ...gap, ...b.filter() }),
    b.read({ at: { kind: "newest", n: keep } }),
    b.read({ at: { kind: "newest", n: keep + 1 }, ...gap }),
    ...b.stream({ at, ...gap }),
    ...b.hold({ at, ...gap }),
  ];
  return [b.publish({ count: 6 }), ...b.trim(keep), ...reads, b.publish({ count: 2 }), ...reads, SETTLE];
}

/** Readers that wait while everything is dropped. */
export function emptied(b: Build): History {
  const readers = [...b.hold(), ...b.stream()];
  const before = b.dice.chance(0.5) ? readers : [];
  return [
    b.publish({ count: 3 }),
    ...before,
    ...b.trim(0),
    b.read(),
    ...readers,
    b.publish(),
    SETTLE,
    b.read({ at: { kind: "end" } }),
  ];
}
