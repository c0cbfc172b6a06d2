import type { Observation } from "./observation.ts";
import type { Stream } from "./stream.ts";

/** What happens to a reader when another one leaves; `dead`: nobody gets events any more. */
export type AfterLeaving = "goes on" | "ended" | "silent" | "dead";

/** How long a reader may wait for its first three events. */
const FIRST_MS = 4_000;

/** A slower feed does not show in time whether somebody has fallen silent. */
const SLOWEST_MS = 1_200;

/** How soon after another one left a stream ends that ends with it. */
const ENDED_MS = 600;

/** A feed is silent after so many times its usual pause, and not before so many milliseconds. */
const PAUSES = 5;
const SILENT_MS = 2_500;

/** Whether the witness ended or fell silent as another reader left: then it is worth a closer look. */
export function isSuspicious(seen: Observation): boolean {
  const { witness } = seen;
  const { startedAt, endedAtMs, elapsedMs } = witness.exchange;
  const times = seen.feedOf(witness).map(({ atMs }) => atMs);
  const last = times.at(-1) ?? 0;
  const silence = silenceOf(times);
  return seen.others.some((other) => {
    if (other.endedAtMs === undefined) return false;
    const left = other.startedAt + other.endedAtMs - startedAt;
    if (endedAtMs !== undefined) return endedAtMs >= left && endedAtMs - left <= ENDED_MS;
    const isSilent = last <= left + ON_THE_WAY_MS && elapsedMs - left >= silence;
    return isSilent && last >= left - SLOWEST_MS && longestPause(times) <= SLOWEST_MS;
  });
}

/** What was sent before the reader left may come so much later. */
const ON_THE_WAY_MS = 300;

/** Let a reader leave beside another one, and look at the one that stays; a stream that also ends alone says nothing. */
export function tryLeaving(seen: Observation): Promise<AfterLeaving> {
  return seen.inTurn("leaving", async () => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const after = await leaveOnce(seen);
      if (after !== "ended") return after;
      if (await endsAlone(seen)) return "goes on";
    }
    return "ended";
  });
}

const MOST_TRIES = 2;

/** Whether a stream that nobody is beside ends as early. */
async function endsAlone(seen: Observation): Promise<boolean> {
  const one = seen.open();
  const ended = await seen.wait(() => one?.exchange.ending !== undefined, FIRST_MS + ENDED_MS);
  one?.exchange.abort();
  return ended;
}

async function leaveOnce(seen: Observation): Promise<AfterLeaving> {
  const [stays, leaves] = [seen.open(), seen.open()];
  const opened: (Stream | undefined)[] = [stays, leaves];
  try {
    if (!stays || !leaves) return "goes on";
    const isOver = (): boolean => stays.exchange.ending !== undefined;
    const had = (stream: Stream, count: number): boolean => seen.feedOf(stream).length >= count;
    if (!(await seen.wait(() => isOver() || had(stays, 3), FIRST_MS)))
      return had(stays, 1) ? "goes on" : "dead";
    if (isOver()) return "goes on"; // this is another fault, or a stream that ends by itself
    const limit = silenceOf(seen.feedOf(stays).map(({ atMs }) => atMs));
    leaves.exchange.abort();
    if (await seen.wait(isOver, ENDED_MS)) return "ended";
    const before = seen.feedOf(stays).length;
    if (await seen.wait(() => isOver() || had(stays, before + 1), limit)) return "goes on";
    const next = seen.open();
    opened.push(next);
    const lives = next && (await seen.wait(() => had(next, 2), limit));
    return lives ? "silent" : "dead";
  } finally {
    for (const stream of opened) stream?.exchange.abort();
  }
}

/** How long a feed with events at these times may be silent. */
function silenceOf(times: readonly number[]): number {
  return Math.max(SILENT_MS, PAUSES * longestPause(times));
}

function longestPause(times: readonly number[]): number {
  return times.reduce((longest, at, index) => Math.max(longest, at - (times[index - 1] ?? at)), 0);
}
