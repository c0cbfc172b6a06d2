import { type Claim, claim } from "../../../engine/model/claim.ts";
import type { Observation } from "./observation.ts";
import type { Resume } from "./resumes.ts";
import type { Stream, StreamEvent } from "./stream.ts";

/** A text for one line of a report. */
export function shortly(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** Whether no id comes again after another one: adjacent events may be one unit. */
export function idsArePositions(feed: readonly StreamEvent[]): Claim {
  const seen = new Set<string>();
  let last: string | undefined;
  let since = 0;
  for (const { id, atMs } of feed) {
    if (id === undefined) continue;
    if (id === last) {
      if (atMs - since > ONE_UNIT_MS) return apart(id, atMs - since);
      continue;
    }
    if (seen.has(id))
      return claim(false, "ids in one stream", "each at one position", `${shortly(id)} at two positions`);
    seen.add(id);
    last = id;
    since = atMs;
  }
  return claim(true, "ids in one stream", "each at one position", `${seen.size} different ids`);
}

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
function contentOf({ event, data }: StreamEvent): string {
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
  const what = "an event's id at two readers";
  if (other !== undefined) {
    const first = [...(data.get(other.id ?? "") ?? [])][0] ?? "";
    return claim(
      false,
      what,
      "the same event",
      `id ${shortly(other.id ?? "")} is ${shortly(first)} and ${shortly(contentOf(other))}`,
    );
  }
  if (renamed !== undefined && ids.size === ours.length && !beginAnew(ours, theirs))
    return claim(
      false,
      what,
      "the same id",
      `${shortly(renamed.data)} is ${shortly(ids.get(renamed.data) ?? "")} and ${shortly(renamed.id ?? "")}`,
    );
  return claim(true, what, "the same", "the same");
}

function label(events: readonly StreamEvent[]): string {
  const ids = events.map(({ id }) => id ?? "");
  return ids.length === 0
    ? "nothing"
    : `${ids
        .slice(0, 7)
        .map((id) => shortly(id))
        .join(", ")}${ids.length > 7 ? ", …" : ""}`;
}

/** Events at the beginning of a resumed stream that no other reader knows: they may report a gap. */
export function reportIn(seen: Observation, stream: Stream): StreamEvent | undefined {
  const ours = seen.witness.events;
  const known = new Set(ours.map(({ data }) => data));
  const names = new Set(ours.map(({ event }) => event));
  const [first] = stream.events;
  return first && !known.has(first.data) && !names.has(first.event) && !seen.isPing(first)
    ? first
    : undefined;
}

/** Whether a resumed stream begins behind the id and goes on in order. */
export function isExact(seen: Observation, resume: Resume): Claim {
  const { id, stream, expected, missed, due } = resume;
  const what = `after id ${shortly(id)}`;
  const { status } = stream.exchange;
  const wanted = label(expected);
  const isPromised = seen.target.settings.promises.resume !== undefined;
  if (status === 410 && !isPromised)
    return claim(true, what, wanted, "410: the server does not keep this event");
  if (status !== undefined && (status >= 400 || status === 204))
    return claim(false, what, wanted, `${status}, although a reader has just got this id`);
  const actual = withoutGreeting(seen, resume);
  const at = actual.findIndex(
    (event, index) => expected[index] !== undefined && event.id !== expected[index]?.id,
  );
  const short = actual.length < Math.max(missed, stream.exchange.ending === "aborted" ? due : 0);
  if (at === -1 && !short) return claim(true, what, wanted, label(actual));
  const reported = reportIn(seen, stream);
  if (reported) return claim(true, what, wanted, `a report, ${shortly(reported.event)}`);
  return {
    ...claim(false, what, wanted, `${label(actual)} (${faultOf(resume, actual)})`),
    timed: at === -1 && seen.hasLagged(),
  };
}

/** Without a first event that only says where the stream begins: it has the id that was asked for, or none that is known. */
function withoutGreeting(seen: Observation, { id, actual }: Resume): readonly StreamEvent[] {
  const [first] = actual;
  const isRepeat = seen.witness.events.some((event) => event.id === first?.id && event.data === first?.data);
  return first && first.id === id && !isRepeat ? actual.slice(1) : actual;
}

function faultOf({ expected, id }: Resume, actual: readonly StreamEvent[]): string {
  const got = new Set(actual.map((event) => event.id));
  const wanted = new Set(expected.map((event) => event.id));
  const missing = expected.slice(0, Math.max(actual.length, 1)).filter((event) => !got.has(event.id)).length;
  const repeated = actual.filter((event) => event.id === id || !wanted.has(event.id)).length;
  if (actual.length === 0) return "nothing came";
  if (missing === 0 && repeated === 0 && actual.length < expected.length)
    return "then nothing, while another reader got more";
  if (missing > 0 && repeated === 0) return `${missing} missing`;
  if (repeated > 0) return `${repeated} that were already read`;
  return "in another order";
}
