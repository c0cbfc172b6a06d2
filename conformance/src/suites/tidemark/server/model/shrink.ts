import { performance } from "node:perf_hooks";
import { simpler } from "./simpler.ts";
import type { History } from "./steps.ts";

/** Whether a shorter history still fails in the same way. */
export type Fails = (history: History) => Promise<boolean>;

/** How many candidates are played at once, each on its own channels. */
const AT_ONCE = 4;

/**
 * The shortest history found that still fails: leave out steps, then make those that are left simpler, until nothing
 * helps or the time is up. A server answers in its own time, so candidates are played side by side; a library that
 * tries one after another would find less in the same time.
 */
export async function shrink(history: History, fails: Fails, limitMs: number): Promise<History> {
  const deadline = performance.now() + limitMs;
  const firstOf = async (candidates: readonly History[]): Promise<History | undefined> => {
    for (let at = 0; at < candidates.length && performance.now() < deadline; at += AT_ONCE) {
      const some = candidates.slice(at, at + AT_ONCE);
      const failed = await Promise.all(some.map((candidate) => fails(candidate)));
      const first = failed.indexOf(true);
      if (first !== -1) return some[first];
    }
    return undefined;
  };
  let best = history;
  for (let size = Math.ceil(best.length / 2); size >= 1; ) {
    const shorter = await firstOf(without(best, size));
    if (shorter) best = shorter;
    else size = size === 1 ? 0 : Math.ceil(size / 2);
    size = Math.min(size, best.length);
  }
  for (;;) {
    const next = await firstOf([...without(best, 1), ...simpler(best)]);
    if (!next) return best;
    best = next;
  }
}

/** The history without each run of so many steps, the later ones first. */
function without(history: History, size: number): History[] {
  const candidates: History[] = [];
  for (let at = history.length - size; at > -size; at -= size) {
    const from = Math.max(0, at);
    const left = [...history.slice(0, from), ...history.slice(at + size)];
    if (left.length > 0) candidates.push(left);
  }
  return candidates;
}
