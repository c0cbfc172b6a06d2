import { type Claim, claim } from "../../../engine/model/claim.ts";
import type { Exchange } from "../../../engine/wire/exchange.ts";
import type { StreamContext, StreamTest } from "../context.ts";
import { firstDifference } from "../observe/difference.ts";
import { idsArePositions, idsAreShared, shortly } from "../observe/judge-ids.ts";
import { isExact, reportIn } from "../observe/judge-resume.ts";
import { missedByWitness } from "../observe/missed.ts";
import { askAgain, askForeign, askUnknown, FOREIGN_ID, type UnknownId } from "../observe/probes.ts";
import { publishedIn } from "../observe/published.ts";
import type { Cuts, Resume } from "../observe/resumes.ts";
import type { StreamEvent } from "../observe/stream.ts";
import { hasThoseWithoutIds } from "../observe/without-ids.ts";
import { cuts, needsIds, needsRoom } from "./cuts.ts";
import { isRepeated } from "./end.ts";

/** Bytes that need a preflight in `Last-Event-ID`, as Fetch lists them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the standard lists control characters
const CORS_UNSAFE = /[\x00-\x08\x10-\x19\x7f"():<>?@[\\\]{}]/;
const CORS_MAX_BYTES = 128;

/** What cannot be the value of a header field. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the grammar of HTTP excludes control characters
const NOT_A_FIELD_VALUE = /[\x00-\x08\x0a-\x1f\x7f]|^[ \t]|[ \t]$/;

/** What must hold for ids before a resume says anything. */
function idsAreUsable(t: StreamContext, { first, resumes }: Cuts): readonly Claim[] {
  const ours = t.seen.feedOf(t.seen.witness);
  const streams = [first, ...resumes.map(({ stream }) => stream)];
  return [idsArePositions(ours), ...streams.map((stream) => idsAreShared(ours, t.seen.feedOf(stream)))];
}

/** Tests of ids, and of what comes after a cut. */
export const resumingTests: readonly StreamTest[] = [
  {
    id: "sse/resuming/ids",
    title: "Events have ids",
    requirements: ["ES-RESUME-1"],
    async run(t) {
      const { events, withIds, exchange } = await t.watched();
      if (events.length === 0) t.unseen("NEEDS_EVENTS", "no event came");
      const promised = t.target.settings.promises.resume !== undefined;
      if (withIds.length === 0 && !promised) t.notApplicable("the events have no ids: nobody can resume");
      t.judge(
        "ES-RESUME-1",
        claim(withIds.length > 0, "events with an id", "some", `${withIds.length} of ${events.length}`),
        exchange,
      );
    },
  },
  {
    id: "sse/resuming/one-position",
    title: "No id names two positions",
    requirements: ["ES-RESUME-2"],
    async run(t) {
      const { exchange } = await t.watched();
      needsIds(t);
      t.judge("ES-RESUME-2", idsArePositions(t.seen.feedOf(t.seen.witness)), exchange);
    },
  },
  {
    id: "sse/resuming/same-ids",
    title: "Ids are the same for every reader",
    requirements: ["ES-RESUME-3"],
    async run(t) {
      const cut = await cuts(t);
      needsIds(t);
      const theirs = [cut.first, ...cut.resumes.map(({ stream }) => stream)].map((stream) =>
        t.seen.feedOf(stream),
      );
      if (theirs.every((events) => events.length === 0))
        t.unseen("NEEDS_EVENTS", "the second reader got no event");
      const claims = theirs.map((events) => idsAreShared(t.seen.feedOf(t.seen.witness), events));
      const [held = claim(true, "", "", "")] = [...claims].sort((a, b) => Number(a.ok) - Number(b.ok));
      t.judge("ES-RESUME-3", held, cut.first.exchange);
    },
  },
  {
    id: "sse/resuming/id-in-a-header",
    title: "Ids fit into a header field",
    requirements: ["ES-RESUME-4", "ES-RESUME-5"],
    async run(t) {
      const { exchange, withIds } = await t.watched();
      needsIds(t);
      const ids = withIds.map(({ id }) => id ?? "");
      const bad = ids.find((id) => NOT_A_FIELD_VALUE.test(id));
      t.judge(
        "ES-RESUME-4",
        claim(bad === undefined, "ids", "valid in Last-Event-ID", shortly(bad ?? ids[0] ?? "")),
        exchange,
      );
      const big = ids.find((id) => Buffer.byteLength(id) > CORS_MAX_BYTES || CORS_UNSAFE.test(id));
      const wanted = `at most ${CORS_MAX_BYTES} bytes, without bytes that need a preflight`;
      t.judge("ES-RESUME-5", claim(big === undefined, "ids", wanted, shortly(big ?? ids[0] ?? "")), exchange);
    },
  },
  {
    id: "sse/resuming/exactly-what-was-missed",
    title: "After a cut come exactly the events behind the last id",
    requirements: ["ES-RESUME-6"],
    async run(t) {
      const cut = await cuts(t);
      needsIds(t);
      needsRoom(t, cut.first);
      t.after("ES-RESUME-2 or ES-RESUME-3", idsAreUsable(t, cut));
      t.after("ES-RESUME-4", [idsAreValid(t)]);
      t.after("ES-LIFE-5", [missedByWitness(t.seen, cut.first, cut.resumes)]);
      await afterOthers(t, cut);
      const tried = cut.resumes.filter(({ missed, due }) => missed > 0 || due > 0);
      if (tried.length === 0) t.unseen("NEEDS_EVENTS", "no event came while the second reader was cut off");
      if (t.target.driver) {
        const { resumes } = await publishedIn(t.seen); // its own test reports what it found
        t.after(
          "ES-RESUME-6",
          resumes.map((resume) => isExact(t.seen, resume)),
        );
      }
      for (const resume of tried) {
        const isRight = t.judge("ES-RESUME-6", isExact(t.seen, resume), resume.stream.exchange);
        const others = hasThoseWithoutIds(t.seen, cut.first, resume);
        if (isRight) t.judge("ES-RESUME-6", others, resume.stream.exchange);
      }
    },
  },
  {
    id: "sse/resuming/id-before-the-first-event",
    title: "A stream says where it begins, before its first event",
    requirements: ["ES-RESUME-7"],
    async run(t) {
      const { blocks, exchange } = await t.watched();
      needsIds(t);
      const [first] = blocks;
      const early =
        first?.id !== undefined && (first.event === undefined || t.seen.isPing(first as StreamEvent));
      t.judge(
        "ES-RESUME-7",
        claim(early, "the first block", "an id before any event", early ? "an id" : "an event"),
        exchange,
      );
    },
  },
  {
    id: "sse/resuming/unknown-id",
    title: "After an unknown id, the stream is refused or alive, and says what is missing",
    requirements: ["ES-RESUME-8", "ES-RESUME-9"],
    async run(t) {
      needsIdsSoon(t);
      const unknown = await askUnknown(t.seen);
      const cut = await cuts(t);
      needsIds(t);
      needsRoom(t, cut.first);
      if (!unknown) return t.unseen("NEEDS_EVENTS", "no id came in time");
      const foreign = await askForeign(t.seen);
      const answers = [{ id: unknown.id, exchange: unknown.stream.exchange }];
      if (foreign) answers.push({ id: FOREIGN_ID, exchange: foreign });
      const failed = answers.find(({ exchange }) => hasFailed(exchange));
      if (failed === undefined) return judgeUnknown(t, unknown, cut);
      t.after(
        "ES-RESUME-6",
        triedResumes(cut).map((resume) => isExact(t.seen, resume)),
      );
      const what = `after the unknown id ${shortly(failed.id)}`;
      const got = `${failed.exchange.status}: the server failed`;
      t.judge("ES-RESUME-8", claim(false, what, "refused, or a stream with events", got), failed.exchange);
      t.unseen("DEPENDENCY_FAILED", "the server failed (ES-RESUME-8)");
    },
  },
];

/** Whether the answer is an error of the server, and not a refusal. */
function hasFailed({ status = 200 }: Exchange): boolean {
  return status >= 500 && status !== 503;
}

/** What else makes a resume say nothing: readers that get different events, and a stream that begins again. */
async function afterOthers(t: StreamContext, { first }: Cuts): Promise<void> {
  const { witness } = t.seen;
  const [ours, theirs] = [witness, first].map((stream) => t.seen.feedOf(stream).map(({ data }) => data));
  const fault = theirs?.length === 0 ? undefined : firstDifference(ours ?? [], theirs ?? []);
  t.after("ES-LIFE-5", [claim(fault === undefined || fault === "apart", "", "", "")]);
  if (!witness.hasEnded) return;
  const again = await askAgain(t.seen);
  t.after("ES-END-3", [claim(!again || !isRepeated(witness.events, again), "", "", "")]);
}

/** Whether ids can be sent back as they came. */
export function idsAreValid(t: StreamContext): Claim {
  const bad = t.seen.witness.withIds.find(({ id = "" }) => NOT_A_FIELD_VALUE.test(id));
  return claim(bad === undefined, "ids", "valid in Last-Event-ID", shortly(bad?.id ?? ""));
}

/** Wait for the first event: a probe that depends on an id cannot be sent before. */
function needsIdsSoon(t: StreamContext): void {
  if (t.target.settings.method !== "GET" && t.target.settings.resumeUrl === undefined)
    t.unseen("NEEDS_RESUME_URL", "nobody says where to request this stream again");
}

/** The resumes after which the witness had more events. */
function triedResumes({ resumes }: Cuts): readonly Resume[] {
  return resumes.filter(({ missed }) => missed > 0);
}

function judgeUnknown(t: StreamContext, { id, stream, before, after }: UnknownId, cut: Cuts): void {
  const { exchange } = stream;
  const { status } = exchange;
  const what = `after the unknown id ${shortly(id)}`;
  if (status !== undefined && status !== 200) {
    const answered = claim(
      status >= 300 || status === 204,
      what,
      "refused, or a stream with events",
      String(status),
    );
    t.judge("ES-RESUME-8", answered, exchange);
    t.judge("ES-RESUME-9", answered, exchange);
    return;
  }
  const got = stream.events.length;
  if (got === 0 && stream.hasEnded) {
    const ended = "a stream that ended without an event: an EventSource asks the same again";
    t.judge("ES-RESUME-8", claim(false, what, "refused, or a stream with events", ended), exchange);
    t.unseen("DEPENDENCY_FAILED", "the stream ends at once (ES-RESUME-8)");
  }
  if (got === 0 && after < 2)
    t.unseen("NEEDS_EVENTS", "too few events came to tell a deaf stream from a quiet one");
  const said = `${got} events, while another reader got ${after}`;
  const alive = claim(got > 0, what, "refused, or a stream with events", said);
  t.judge("ES-RESUME-8", { ...alive, timed: t.hasLagged }, exchange);
  if (got === 0) t.unseen("DEPENDENCY_FAILED", "the stream is deaf (ES-RESUME-8)");
  t.after("ES-RESUME-2 or ES-RESUME-3", idsAreUsable(t, cut));
  t.after(
    "ES-RESUME-6",
    triedResumes(cut).map((resume) => isExact(t.seen, resume)),
  );
  const earlier = new Set(
    t.seen
      .feedOf(t.seen.witness)
      .slice(0, before)
      .map((event) => event.id),
  );
  const replays = t.seen.feedOf(stream).some((event) => earlier.has(event.id));
  const report = reportIn(t.seen, stream);
  const told = replays
    ? "the feed from an earlier event"
    : report
      ? `a report, ${shortly(report.event)}`
      : "only new events, as if nothing were missing";
  t.judge(
    "ES-RESUME-9",
    claim(replays || report !== undefined, what, "a refusal, a report or the whole feed", told),
    exchange,
  );
}
