import { checkHistory } from "./history.ts";
import { group, type LogTest } from "./subject.ts";

const HISTORIES = 40;
const CHOICES = 150;

/** A fixed sequence for each seed (mulberry32), so that a failure is the same one next time. */
function sequence(seed: number): number[] {
  let state = seed;
  return Array.from({ length: CHOICES }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  });
}

export const histories: readonly LogTest[] = group("histories", {
  "whatever is done in whatever order, it answers as the model does": async ({ harness }) => {
    for (let seed = 1; seed <= HISTORIES; seed++) {
      try {
        await checkHistory(harness, sequence(seed));
      } catch (cause) {
        throw new Error(`history ${seed}: ${cause instanceof Error ? cause.message : cause}`, { cause });
      }
    }
  },
});
