import { group, type LogTest } from "../subject.ts";
import { checkHistory } from "./history.ts";
import { checkRace } from "./race.ts";

const HISTORIES = 40;
const CHOICES = 150;

/** A fixed sequence for each seed (mulberry32), so that a failure can be reproduced. */
function sequence(seed: number): number[] {
  let state = seed;
  return Array.from({ length: CHOICES }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  });
}

/** Check many sequences. A failure names the seed. */
async function each(check: (choices: readonly number[]) => Promise<void>): Promise<void> {
  for (let seed = 1; seed <= HISTORIES; seed++) {
    try {
      await check(sequence(seed));
    } catch (cause) {
      throw new Error(`history ${seed}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }
}

export const histories: readonly LogTest[] = group("histories", {
  "any sequence of operations gets the model's answers": ({ harness }) =>
    each((choices) => checkHistory(harness, choices)),

  "some order of concurrent appends explains the contents and the answers": ({ harness }) =>
    each((choices) => checkRace(harness, choices)),
});
