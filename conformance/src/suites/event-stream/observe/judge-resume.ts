import { type Claim, claim } from "../../../engine/model/claim.ts";
import { contentOf, shortly } from "./judge-ids.ts";
import type { Observation } from "./observation.ts";
import type { Resume } from "./resumes.ts";
import type { Stream, StreamEvent } from "./stream.ts";

/** So many characters of ids are shown. */
const LABEL_LENGTH = 70;

/** The first ids, as many as fit into a line. */
function label(events: readonly StreamEvent[]): string {
  if (events.length === 0) return "nothing";
  let text = shortly(events[0]?.id ?? "");
  for (const { id = "" } of events.slice(1)) {
    if (text.length + id.length > LABEL_LENGTH) return `${text}, …`;
    text += `, ${shortly(id)}`;
  }
  return text;
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
  const differs = goesOtherwise(seen, resume, actual);
  const short = actual.length < Math.max(missed, stream.exchange.ending === "aborted" ? due : 0);
  if (!differs && !short) return claim(true, what, wanted, label(actual));
  const reported = reportIn(seen, stream);
  if (reported) return claim(true, what, wanted, `a report, ${shortly(reported.event)}`);
  return {
    ...claim(
      false,
      what,
      wanted,
      actual.length === 0 ? "nothing" : `${faultOf(seen, resume, actual)}: ${label(actual)}`,
    ),
    timed: !differs && seen.hasLagged(),
  };
}

/** Whether an event is not the one that the witness got at its place, or comes again. */
function goesOtherwise(seen: Observation, { id, expected }: Resume, actual: readonly StreamEvent[]): boolean {
  const feed = seen.feedOf(seen.witness);
  const at = feed.findLastIndex((event) => event.id === id);
  const had = new Set(feed.slice(0, at + 1 + expected.length).map(keyOf)); // when this reader was done
  return actual.some((event, index) => {
    const other = expected[index];
    if (other !== undefined) return keyOf(other) !== keyOf(event);
    if (had.has(keyOf(event))) return true;
    had.add(keyOf(event));
    return false;
  });
}

/** What tells one event of a feed from another. */
function keyOf(event: StreamEvent): string {
  return `${event.id ?? ""} ${contentOf(event)}`;
}

/** Without a first event that only says where the stream begins: it has the id that was asked for, or none that is known. */
function withoutGreeting(seen: Observation, { id, actual }: Resume): readonly StreamEvent[] {
  const [first] = actual;
  const isOld = seen.feedOf(seen.witness).some((event) => first && keyOf(event) === keyOf(first));
  return first && first.id === id && !isOld ? actual.slice(1) : actual;
}

function faultOf(seen: Observation, { expected }: Resume, actual: readonly StreamEvent[]): string {
  const got = new Set(actual.map(keyOf));
  const wanted = new Set(expected.map(keyOf));
  const last = expected.findLastIndex((event) => got.has(keyOf(event)));
  const missing = expected.slice(0, last + 1).filter((event) => !got.has(keyOf(event))).length;
  const others = [...got].filter((key) => !wanted.has(key));
  const known = new Set(seen.feedOf(seen.witness).map(keyOf));
  const repeated = others.filter((key) => known.has(key)).length + actual.length - got.size;
  const foreign = others.filter((key) => !known.has(key)).length;
  const faults = [
    last === -1 ? "none of those" : missing > 0 ? `${missing} missing` : "",
    repeated > 0 ? `${repeated} that were already read` : "",
    foreign > 0 ? `${foreign} that no other reader got` : "",
  ].filter((fault) => fault !== "");
  if (faults.length > 0) return faults.join(", ");
  return actual.length < expected.length && isStart(actual, expected)
    ? "only these, while another reader got more"
    : "in another order";
}

function isStart(actual: readonly StreamEvent[], expected: readonly StreamEvent[]): boolean {
  return actual.every((event, index) => keyOf(event) === keyOf(expected[index] ?? event));
}
