import { type Claim, claim, show } from "../../../engine/model/claim.ts";
import type { StreamEvent } from "./stream.ts";

/** A text for one line of a report. */
export function shortly(text: string): string {
  return show(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** Whether no id comes again after another one: adjacent events may be one unit, unless most only repeat another. */
export function idsArePositions(feed: readonly StreamEvent[]): Claim {
  const seen = new Set<string>();
  let last: string | undefined;
  let [since, content, repeats] = [0, "", 0];
  for (const event of feed) {
    const { id, atMs } = event;
    if (id === undefined) continue;
    if (id === last) {
      if (atMs - since > ONE_UNIT_MS) return apart(id, atMs - since);
      if (contentOf(event) === content) repeats += 1;
      continue;
    }
    content = contentOf(event);
    if (seen.has(id))
      return claim(false, "ids in one stream", "each at one position", `${shortly(id)} at two positions`);
    seen.add(id);
    last = id;
    since = atMs;
  }
  const isRepeated = repeats >= MANY_REPEATS && repeats >= seen.size / 2;
  const got = isRepeated ? `${repeats} events that repeat the one before them` : `${seen.size} different ids`;
  return claim(!isRepeated, "ids in one stream", "each at one position", got);
}

/** So many repeated events are no unit that happens to have equal events. */
const MANY_REPEATS = 3;

/** Events that share an id are one unit if they come together. */
const ONE_UNIT_MS = 500;

function apart(id: string, ms: number): Claim {
  const got = `${shortly(id)} at two positions, ${(ms / 1_000).toFixed(1)} s apart`;
  return claim(false, "ids in one stream", "each at one position", got);
}

/** Whether two streams begin with the same event under other ids: each reader has a stream of its own. */
function beginAnew([ours]: readonly StreamEvent[], [theirs]: readonly StreamEvent[]): boolean {
  return ours !== undefined && theirs !== undefined && ours.data === theirs.data && ours.id !== theirs.id;
}

/** The data of an event, with its name if it has one. */
export function contentOf({ event, data }: StreamEvent): string {
  return event === "message" ? data : `${event}: ${data}`;
}

/** Whether the ids of two readers name the same events. */
export function idsAreShared(ours: readonly StreamEvent[], theirs: readonly StreamEvent[]): Claim {
  const data = new Map<string, Set<string>>();
  for (const event of ours)
    data.set(event.id ?? "", (data.get(event.id ?? "") ?? new Set()).add(contentOf(event)));
  const ids = new Map(ours.map((event) => [event.data, event.id]));
  const other = theirs.find((event) => data.get(event.id ?? "")?.has(contentOf(event)) === false);
  const renamed = theirs.find(
    ({ data, id }) => ids.has(data) && ids.get(data) !== id && !ours.some((event) => event.id === id),
  );
  if (other !== undefined) {
    const [first = ""] = data.get(other.id ?? "") ?? [];
    const got = `${shortly(first)} and ${shortly(contentOf(other))}`;
    return claim(false, `id ${shortly(other.id ?? "")} at two readers`, "the same event", got);
  }
  if (renamed !== undefined && ids.size === ours.length && !beginAnew(ours, theirs)) {
    const got = `${shortly(ids.get(renamed.data) ?? "")} and ${shortly(renamed.id ?? "")}`;
    return claim(false, `the id of ${shortly(renamed.data)} at two readers`, "the same", got);
  }
  return claim(true, "ids at two readers", "the same", "the same");
}
