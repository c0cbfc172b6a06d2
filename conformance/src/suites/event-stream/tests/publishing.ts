import { claim } from "../../../engine/model/claim.ts";
import type { StreamContext, StreamTest } from "../context.ts";
import { firstDifference } from "../observe/difference.ts";
import { idsArePositions, idsAreShared } from "../observe/judge-ids.ts";
import { isExact } from "../observe/judge-resume.ts";
import { missedByWitness } from "../observe/missed.ts";
import { asRead, OWN_MARK } from "../observe/payloads.ts";
import { type Published, publishedIn } from "../observe/published.ts";
import { isWhole, type Sent } from "../observe/publisher.ts";
import type { Stream } from "../observe/stream.ts";
import { needsRoom } from "./cuts.ts";
import { isForeign, linesAreKnown } from "./framing.ts";
import { idsAreValid } from "./resuming.ts";

/** Publish once for all tests. Ends the test if the suite's publishes do not arrive at all. */
async function published(t: StreamContext): Promise<Published> {
  t.show(t.seen.witness.exchange);
  const all = await publishedIn(t.seen);
  if (t.seen.witness.hasEnded) t.unseen("NEEDS_EVENTS", "the stream ended before everything was published");
  const [plain] = all.sent;
  if (plain?.refused !== undefined)
    t.unseen("PRECONDITION_FAILED", `nothing can be published: ${plain.refused}`);
  const unknown = !linesAreKnown(t.seen.witness.blocks.flatMap((block) => block.lines)).ok;
  if (!unknown && [...all.sent, ...all.inOrder].every(({ events }) => events.length === 0))
    t.unseen("PRECONDITION_FAILED", "no event has what was published: is this the right feed?");
  const lines = t.seen.witness.blocks.flatMap((block) => block.lines);
  const foreign = linesAreKnown(lines.filter(isForeign));
  t.after("ES-FRAME-2", [foreign, claim(plain?.events.length !== 0 || linesAreKnown(lines).ok, "", "", "")]);
  const hidden = t.seen.witness.blocks.some(
    ({ lines, event }) => event === undefined && lines.some(({ name }) => name === "event"),
  );
  t.after("ES-FRAME-5", [claim(!hidden, "", "", "")]);
  return all;
}

function accepted(all: readonly Sent[]): readonly Sent[] {
  return all.filter(({ refused }) => refused === undefined);
}

function shown(text: string): string {
  return JSON.stringify(text.length > 70 ? `${text.slice(0, 70)}…` : text);
}

/** Whether a second reader got the same of a burst as the first; one that got nothing is another test's finding. */
function judgeBeside(t: StreamContext, beside: Stream, sent: readonly Sent[]): void {
  const marks = new Set(sent.map(({ mark }) => mark));
  const [ours = [], theirs = []] = [t.seen.witness, beside].map((stream) =>
    stream.events.flatMap(({ data }) => OWN_MARK.exec(data)?.[0] ?? []).filter((mark) => marks.has(mark)),
  );
  if (theirs.length === 0 || beside.exchange.ending !== "aborted") return;
  const since = ours.slice(ours.indexOf(theirs[0] ?? "")); // before, it had not joined the feed yet
  const missing = since.filter((mark) => !theirs.includes(mark)).length;
  const fault = missing > 0 ? `${missing} missing` : firstDifference(ours, theirs);
  const what = `${since.length} messages for a second reader`;
  const same = claim(fault === undefined, what, "as for the first", fault ?? "the same");
  t.judge("ES-LIFE-5", { ...same, timed: t.hasLagged }, beside.exchange);
}

/** Tests that publish. */
export const publishingTests: readonly StreamTest[] = [
  {
    id: "sse/publishing/one-event",
    title: "Each payload is one event, whatever characters it has",
    requirements: ["ES-FRAME-3", "ES-FRAME-4"],
    needs: ["publish"],
    async run(t) {
      const { sent, empty } = await published(t);
      const { witness } = t.seen;
      const isUtf8 = witness.reader.badUtf8.length === 0;
      const counted = accepted(sent).filter(({ what }) => isUtf8 || !what.includes("bytes"));
      for (const one of counted) {
        const what = `a payload with ${one.what}, ${shown(one.text)}`;
        const got =
          one.events.length === 0
            ? "no event"
            : `${one.events.length}: ${one.events.map(({ data }) => shown(data)).join(", ")}`;
        t.judge(
          "ES-FRAME-3",
          claim(one.events.length === 1, what, "one event", got),
          one.exchange ?? witness.exchange,
        );
      }
      const others = counted.every((one) => one.events.length === 1 && isWhole(one));
      if (empty && others) {
        const isOne = claim(empty.events === 1, "an empty payload", "one event", `${empty.events} events`);
        t.judge("ES-FRAME-3", isOne, empty.exchange ?? witness.exchange);
      }
      const splits = counted.some(({ events }) => events.length !== 1);
      const single = counted.filter(
        ({ events, text }) => events.length === 1 && !(splits && text.endsWith("\n")),
      );
      if (single.length === 0) t.unseen("DEPENDENCY_FAILED", "no payload is one event (ES-FRAME-3)");
      for (const one of single) {
        const what = `a payload with ${one.what}`;
        const got = shown(one.events[0]?.data ?? "");
        t.judge(
          "ES-FRAME-4",
          claim(isWhole(one), what, shown(asRead(one.text)), got),
          one.exchange ?? witness.exchange,
        );
      }
      for (const { what, refused } of sent)
        if (refused !== undefined) t.note(`not accepted: ${what}: ${refused}`);
    },
  },
  {
    id: "sse/publishing/burst",
    title: "Messages that are published in a burst arrive once, in order, with different ids",
    requirements: ["ES-RESUME-2", "ES-LIFE-5"],
    needs: ["publish"],
    async run(t) {
      const { inOrder, together, beside } = await published(t);
      const { witness } = t.seen;
      const order = accepted(inOrder).map(({ mark }) => mark);
      const marks = witness.events.flatMap(({ data }) => order.filter((mark) => data.includes(mark)));
      const counts = accepted([...inOrder, ...together]).map(({ events }) => events.length);
      const lost = counts.filter((count) => count === 0).length;
      const twice = counts.filter((count) => count > 1).length;
      const isOrdered = marks.filter((mark, index) => marks.indexOf(mark) === index).join() === order.join();
      const faults = [
        lost > 0 ? `${lost} missing` : "",
        twice > 0 ? `${twice} twice` : "",
        isOrdered ? "" : "in another order",
      ];
      const got = faults.filter((fault) => fault !== "").join(", ") || "each once, in order";
      const held = lost + twice === 0 && isOrdered;
      t.judge(
        "ES-LIFE-5",
        claim(held, `${counts.length} messages`, "each once, in order", got),
        witness.exchange,
      );
      if (held && beside) judgeBeside(t, beside, accepted([...inOrder, ...together]));
      const ids = accepted([...inOrder, ...together]).flatMap(({ events }) => events.map(({ id }) => id));
      if (witness.withIds.length === 0) return t.notApplicable("the events have no ids");
      const different = new Set(ids).size;
      const same = ids.find((id, index) => ids.indexOf(id) !== index);
      const told =
        same === undefined
          ? `${different} different ids`
          : `${different} different ids of ${ids.length}: ${shown(same ?? "")} twice`;
      t.judge(
        "ES-RESUME-2",
        claim(same === undefined, "ids of messages in a burst", "all different", told),
        witness.exchange,
      );
    },
  },
  {
    id: "sse/publishing/resume-from-each-id",
    title: "After each id come exactly the messages behind it, while more are published",
    requirements: ["ES-RESUME-6"],
    needs: ["publish"],
    async run(t) {
      const { resumes, inOrder, together, beside } = await published(t);
      if (t.seen.witness.withIds.length === 0) t.notApplicable("the events have no ids");
      if (beside) needsRoom(t, beside);
      const ids = accepted([...inOrder, ...together]).flatMap(({ events }) => events.map(({ id }) => id));
      const unique = claim(new Set(ids).size === ids.length, "", "", "");
      t.after("ES-RESUME-2", [unique, idsArePositions(t.seen.feedOf(t.seen.witness))]);
      t.after("ES-RESUME-4", [idsAreValid(t)]);
      const ours = t.seen.feedOf(t.seen.witness);
      const shared = resumes.map(({ stream }) => idsAreShared(ours, t.seen.feedOf(stream)));
      t.after("ES-RESUME-3", shared);
      t.after("ES-LIFE-5", [missedByWitness(t.seen, beside, resumes)]);
      t.after("ES-FRAME-2", [linesAreKnown(t.seen.witness.blocks.flatMap(({ lines }) => lines))]);
      if (resumes.length === 0) t.unseen("NEEDS_EVENTS", "no message of the burst came with an id");
      for (const resume of resumes) t.judge("ES-RESUME-6", isExact(t.seen, resume), resume.stream.exchange);
    },
  },
];
