import { type Claim, claim } from "../../../engine/model/claim.ts";
import { contentOf, shortly } from "./judge-ids.ts";
import type { Observation } from "./observation.ts";
import type { Resume } from "./resumes.ts";
import type { Stream, StreamEvent } from "./stream.ts";

/** So many events without an id that two readers share show that such events belong to the feed. */
const ENOUGH_SHARED = 2;

/** Whether a resumed stream has the events without ids too, if they are of the feed: between ids, readers get the same. */
export function hasThoseWithoutIds(seen: Observation, first: Stream, { id, stream }: Resume): Claim {
  const what = `events without an id after id ${shortly(id)}`;
  const passed = claim(true, what, "all", "all");
  const names = new Set(seen.witness.withIds.map(({ event }) => event));
  const all = (one: Stream): readonly StreamEvent[] =>
    one.events.filter((event) => names.has(event.event) && !seen.isPing(event));
  const ours = all(seen.witness);
  const [, shared] = betweenSameIds(ours, all(first)) ?? [];
  const isOfFeed = isSame(betweenSameIds(ours, all(first)));
  if (!isOfFeed || (shared ?? []).filter((event) => !hasId(event)).length < ENOUGH_SHARED) return passed;
  const at = ours.findLastIndex((event) => event.id === id);
  const pair = betweenSameIds(ours.slice(at), [...ours.slice(at, at + 1), ...all(stream)]);
  if (at === -1 || pair === undefined || isSame(pair)) return passed;
  const [expected, actual] = pair;
  const missing = withoutThose(expected, actual).filter((event) => !hasId(event));
  const [one] = missing;
  if (one === undefined) return passed; // what is wrong with the others is another claim
  const told = `${missing.length} missing, the first is ${shortly(contentOf(one))}`;
  return claim(false, what, "all", told);
}

/** The events that are not among the others, as often as they are missing. */
function withoutThose(expected: readonly StreamEvent[], actual: readonly StreamEvent[]): StreamEvent[] {
  const counts = new Map<string, number>();
  for (const one of actual.map(contentOf)) counts.set(one, (counts.get(one) ?? 0) + 1);
  return expected.filter((event) => {
    const left = counts.get(contentOf(event)) ?? 0;
    counts.set(contentOf(event), left - 1);
    return left <= 0;
  });
}

function hasId({ id = "" }: StreamEvent): boolean {
  return id !== "";
}

type Pair = readonly [ours: readonly StreamEvent[], theirs: readonly StreamEvent[]];

/** What two readers got from the first id that both have to the last one; undefined if there are no two such ids. */
function betweenSameIds(ours: readonly StreamEvent[], theirs: readonly StreamEvent[]): Pair | undefined {
  const ids = new Set(ours.filter(hasId).map(({ id }) => id));
  const isShared = (event: StreamEvent): boolean => hasId(event) && ids.has(event.id);
  const [from, to] = [theirs.findIndex(isShared), theirs.findLastIndex(isShared)];
  const place = (at: number): number => ours.findLastIndex(({ id }) => id === theirs[at]?.id);
  if (from === to || place(from) >= place(to)) return undefined;
  return [ours.slice(place(from), place(to) + 1), theirs.slice(from, to + 1)];
}

function isSame(pair: Pair | undefined): boolean {
  const [ours, theirs] = pair ?? [];
  return ours !== undefined && ours.map(contentOf).join("\0") === theirs?.map(contentOf).join("\0");
}
