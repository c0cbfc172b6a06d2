import { claim } from "../../../engine/model/claim.ts";
import type { Exchange } from "../../../engine/wire/exchange.ts";
import type { StreamContext, StreamTest } from "../context.ts";
import { askAgain } from "../observe/probes.ts";
import type { Stream, StreamEvent } from "../observe/stream.ts";
import { matchesAny } from "../vocabulary.ts";

/** A stream that the server ended. Ends the test otherwise. */
async function endedStream(t: StreamContext): Promise<Stream> {
  const stream = await t.watched();
  if (stream.hasEnded) return stream;
  if (t.target.vocabulary.finite || t.target.settings.promises.end !== undefined)
    t.unseen("NEEDS_END", "the stream did not end while it was watched");
  return t.notApplicable("the stream does not end");
}

function isTerminal(t: StreamContext): (event: StreamEvent) => boolean {
  return (event) => matchesAny(t.target.vocabulary.terminal, event);
}

/** Ends the test if the stream is nothing but an error. */
function refuseRefusals(t: StreamContext, events: readonly StreamEvent[]): void {
  if (events.length === 1 && events.some(isError(t)))
    t.unseen("DEPENDENCY_FAILED", "the stream is a refusal (ES-OPEN-3)");
}

function isBroken({ ending, framing }: Exchange): boolean {
  return ending !== "complete" && framing !== "close";
}

function isError(t: StreamContext): (event: StreamEvent) => boolean {
  return (event) => matchesAny(t.target.vocabulary.errors, event);
}

/** Ends the test if clients drop the last event. */
function refuseUnfinished(t: StreamContext, { reader }: Stream): void {
  if (reader.unfinished.some(({ name }) => name === "data"))
    t.unseen("DEPENDENCY_FAILED", "the last event is incomplete (ES-FRAME-9)");
}

/** Whether the next request gets events that the stream did not have: a connection ended, not the feed. */
function continues(events: readonly StreamEvent[], again: Stream): boolean {
  const known = new Set(events.map(({ id, data }) => `${id} ${data}`));
  const isOpen = again.exchange.status === 200 && !again.hasEnded && !isRepeated(events, again);
  return isOpen || again.events.some(({ id, data }) => id !== undefined && !known.has(`${id} ${data}`));
}

/** Whether a request after the end gets events again that the stream had. */
export function isRepeated(events: readonly StreamEvent[], again: Stream): boolean {
  const [first] = again.events;
  return (
    first !== undefined &&
    events.some(({ data, id, event }) => data === first.data && id === first.id && event === first.event)
  );
}

/** Tests of streams that end. */
export const endTests: readonly StreamTest[] = [
  {
    id: "sse/end/terminal-event",
    title: "A stream that is complete ends with a terminal event, or 204 follows",
    requirements: ["ES-END-1", "ES-END-2", "ES-END-4"],
    async run(t) {
      const stream = await endedStream(t);
      const { events, exchange } = stream;
      refuseRefusals(t, events);
      const count = events.filter(isTerminal(t)).length;
      const last = events.at(-1);
      const failed = events.some(isError(t));
      const again = t.target.settings.method === "GET" ? await askAgain(t.seen) : undefined;
      if (again && continues(events, again))
        t.notApplicable("the next request goes on: the stream is not complete");
      if (isBroken(exchange) && !failed) t.unseen("DEPENDENCY_FAILED", "the stream was cut (ES-LIFE-2)");
      refuseUnfinished(t, stream);
      const { finished = [] } = t.target.vocabulary;
      const isComplete = finished.length === 0 || events.some((event) => matchesAny(finished, event));
      const told = isComplete || failed || count > 0;
      const what = "a stream that ends before its content is complete";
      if (!t.judge("ES-END-4", claim(told, what, "an error event", told ? "complete" : "no error"), exchange))
        t.unseen("DEPENDENCY_FAILED", "the stream broke off (ES-END-4)");
      const got =
        last === undefined
          ? "no event"
          : `${last.event} ${JSON.stringify(last.data.slice(0, 60))}, as if cut`;
      const stops = again?.exchange.status === 204;
      const ended = claim(
        count > 0 || failed || stops,
        "the end",
        "a terminal event, or 204 to the next request",
        got,
      );
      t.judge("ES-END-1", ended, exchange);
      if (count === 0) t.unseen("DEPENDENCY_FAILED", "there is no terminal event (ES-END-1)");
      const isLast = last !== undefined && isTerminal(t)(last);
      const place = isLast ? `${count} times` : `before ${last?.event}`;
      t.judge(
        "ES-END-2",
        claim(isLast && count === 1, "the terminal event", "once, as the last event", place),
        exchange,
      );
    },
  },
  {
    id: "sse/end/not-again",
    title: "After its end, the stream is not sent again",
    requirements: ["ES-END-3"],
    async run(t) {
      const stream = await endedStream(t);
      const { events, exchange } = stream;
      if (events.length === 0) t.unseen("NEEDS_EVENTS", "the stream ended without an event");
      refuseRefusals(t, events);
      refuseUnfinished(t, stream);
      if (isBroken(exchange)) t.unseen("DEPENDENCY_FAILED", "the stream was cut (ES-LIFE-2)");
      if (t.target.settings.method !== "GET" && t.seen.witness.lastId === "")
        t.notApplicable("a stream without ids that a POST opens is never requested again");
      if (t.seen.witness.lastId === "" && events.some(isTerminal(t)))
        t.notApplicable("the terminal event tells clients not to ask again");
      const again = await askAgain(t.seen);
      if (!again) return t.unseen("NEEDS_RESUME_URL", "nobody says where to request this stream again");
      const { status } = again.exchange;
      const first = again.events[0];
      const repeats =
        first !== undefined &&
        events.some(({ data, id, event }) => data === first.data && id === first.id && event === first.event);
      const got = repeats
        ? `the same events from ${JSON.stringify(first.data.slice(0, 60))}`
        : `${status}, ${again.events.length} other events`;
      const ok = status === undefined || !repeats || isTerminal(t)(first);
      t.judge(
        "ES-END-3",
        claim(ok, "the next request of an EventSource", "204, or no event twice", got),
        again.exchange,
      );
      t.show(exchange);
    },
  },
  {
    id: "sse/end/vocabulary",
    title: "Every event has a form that the vocabulary defines",
    requirements: ["ES-END-5"],
    async run(t) {
      const { events, exchange } = await t.watched();
      const { vocabulary } = t.target;
      const { frames, terminal, errors, pings } = vocabulary;
      if (frames.length === 0) t.notApplicable(`the vocabulary ${vocabulary.name} allows any event`);
      if (events.length === 0) t.unseen("NEEDS_EVENTS", "no event came");
      const odd = events.find(
        (event) => ![frames, terminal, errors, pings].some((rules) => matchesAny(rules, event)),
      );
      const got = odd === undefined ? "all" : `${odd.event} ${JSON.stringify(odd.data.slice(0, 100))}`;
      t.judge(
        "ES-END-5",
        claim(odd === undefined, `events of ${vocabulary.name}`, "all known", got),
        exchange,
      );
    },
  },
];
