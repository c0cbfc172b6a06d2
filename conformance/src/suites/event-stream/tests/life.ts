import { claim } from "../../../engine/model/claim.ts";
import type { StreamContext, StreamTest } from "../context.ts";
import { firstDifference } from "../observe/difference.ts";
import { type AfterLeaving, isSuspicious, tryLeaving } from "../observe/leaving.ts";
import { missedByWitness } from "../observe/missed.ts";
import { isTakenOver } from "../observe/readers.ts";
import type { Stream } from "../observe/stream.ts";
import { cuts, needsRoom } from "./cuts.ts";

/** The longest silence, and how much later than that something may come. */
const SILENCE_MS = 30_000;
const GRACE_MS = 1_500;

/** A gap this long shows what breaks the silence. */
const QUIET_MS = 8_000;

interface Silence {
  readonly longestMs: number;
  /** What ended the longest silence; undefined if the suite stopped waiting. */
  readonly brokenBy: string | undefined;
}

/** The longest time without a byte of the body. */
function longestSilence({ exchange, events, comments }: Stream): Silence {
  const { headAtMs = 0, body, endedAtMs, elapsedMs } = exchange;
  const times = [headAtMs, ...body.map(({ atMs }) => atMs)];
  let longest: Silence = { longestMs: (endedAtMs ?? elapsedMs) - (times.at(-1) ?? 0), brokenBy: undefined };
  for (const [index, at] of times.entries()) {
    const next = times[index + 1];
    if (next === undefined || next - at <= longest.longestMs) continue;
    const isEvent = events.some((event) => Math.abs(event.atMs - next) < 50);
    const isComment = comments.some((comment) => Math.abs(comment.atMs - next) < 50);
    longest = { longestMs: next - at, brokenBy: isComment ? "a comment" : isEvent ? "an event" : "bytes" };
  }
  return longest;
}

async function judgeSilence(t: StreamContext): Promise<void> {
  const stream = await t.watched();
  const { longestMs, brokenBy } = longestSilence(stream);
  const seconds = (longestMs / 1000).toFixed(1);
  t.note(`the longest silence was ${seconds} s${brokenBy === undefined ? "" : `; ${brokenBy} broke it`}`);
  const tooLong = longestMs > SILENCE_MS + GRACE_MS;
  if (!tooLong && longestMs < QUIET_MS && t.seen.plannedMs < SILENCE_MS)
    t.unseen("NEEDS_SILENCE", `the feed was never silent for longer than ${seconds} s`);
  if (!tooLong && brokenBy === undefined && longestMs < SILENCE_MS)
    t.unseen("NEEDS_SILENCE", `the suite stopped watching after ${seconds} s of silence`);
  const got = tooLong ? `silent for ${seconds} s` : `${brokenBy ?? "something"} after ${seconds} s`;
  const held = claim(!tooLong, "the longest silence", "at most 30 s", got);
  t.judge("ES-LIFE-1", { ...held, timed: true }, stream.exchange);
}

/** Tests of how long streams live, and beside whom. */
export const lifeTests: readonly StreamTest[] = [
  {
    id: "sse/life/silence",
    title: "The stream is never silent for more than 30 seconds",
    requirements: ["ES-LIFE-1"],
    run: judgeSilence,
  },
  {
    id: "sse/life/clean-end",
    title: "The end of a stream differs from a cut connection",
    requirements: ["ES-LIFE-2"],
    async run(t) {
      const { exchange } = await t.watched();
      const { framing, ending, version } = exchange;
      if (version === "1.0") t.notApplicable("the server speaks HTTP/1.0, which has no other way");
      const closes = framing === "close";
      const broke = ending === "cut" || ending === "reset";
      const what = closes
        ? "the end of the connection, like a cut"
        : broke
          ? `${ending} inside the body`
          : (framing ?? "none");
      t.judge(
        "ES-LIFE-2",
        claim(!closes && !broke, `how HTTP/${version} marks the end`, "chunked coding", what),
        exchange,
      );
    },
  },
  {
    id: "sse/life/beside-another-reader",
    title:
      "A second reader that comes or leaves does not end the stream of the first, and gets the same events",
    requirements: ["ES-LIFE-4", "ES-LIFE-5"],
    needs: ["get"],
    async run(t) {
      const cut = await cuts(t);
      const { witness } = t.seen;
      const { first } = cut;
      const { endedAtMs, startedAt } = witness.exchange;
      const near =
        endedAtMs !== undefined &&
        witness.hasEnded &&
        t.seen.openings.some((opened) => isNear(startedAt + endedAtMs, opened));
      const endedWith = near && (await isTakenOver(t.seen));
      const got = endedWith ? "the first stream ended as the second was opened" : "it goes on";
      t.judge("ES-LIFE-4", claim(!endedWith, "the first stream", "it goes on", got), witness.exchange);
      if (endedWith) t.unseen("DEPENDENCY_FAILED", "only one reader is served at a time (ES-LIFE-4)");
      if (isSuspicious(t.seen)) await judgeLeaving(t);
      needsRoom(t, first);
      if (first.exchange.status !== 200)
        t.unseen("NEEDS_EVENTS", `the second reader got ${first.exchange.status ?? "no answer"}`);
      const hole = missedByWitness(t.seen, first, cut.resumes);
      if (!hole.ok) {
        t.judge("ES-LIFE-5", hole, witness.exchange);
        return;
      }
      const theirs = t.seen.feedOf(first).map(({ data }) => data);
      if (theirs.length === 0 && cut.to - cut.from < 2)
        t.unseen("NEEDS_EVENTS", "no event came while two readers were open");
      const ours = t.seen.feedOf(witness).map(({ data }) => data);
      const fault = firstDifference(ours, theirs);
      const isDeaf = !witness.hasEnded && theirs.length >= 2 && cut.to === cut.from && cut.from > 0;
      const hasNone = theirs.length === 0;
      if (fault === "apart" && !isDeaf && !hasNone) t.notApplicable("each reader gets events of its own");
      const silent = isDeaf ? "nothing for the first" : hasNone ? "nothing for the second" : undefined;
      t.judge(
        "ES-LIFE-5",
        claim(fault === undefined, "what two readers got", "the same events", silent ?? fault ?? "the same"),
        first.exchange,
      );
    },
  },
];

/** Judge what a reader that leaves does to the others. */
async function judgeLeaving(t: StreamContext): Promise<void> {
  const after = await tryLeaving(t.seen);
  if (after === "dead") t.unseen("NO_DATA", "since a second reader left, nobody gets an event");
  const goesOn = after === "goes on";
  const held = claim(goesOn, "a stream beside a reader that leaves", "it goes on", SAID[after]);
  t.judge("ES-LIFE-4", held, t.seen.witness.exchange);
  if (!goesOn) t.unseen("DEPENDENCY_FAILED", "a reader that leaves stops the others (ES-LIFE-4)");
}

const SAID: Readonly<Record<Exclude<AfterLeaving, "dead">, string>> = {
  "goes on": "it goes on",
  ended: "it ends as the other leaves",
  silent: "no more events, while a new reader gets some",
};

/** How soon after another reader's request an end looks like its consequence. */
const NEAR_MS = 1_000;

function isNear(end: number, opened: number): boolean {
  return end >= opened && end - opened <= NEAR_MS;
}
