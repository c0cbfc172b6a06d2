import { type Answer, answer, type QuestionId } from "./answer.ts";

/** What a stream that does not flow says about the other questions on streams: nothing new. */
const OF_STREAMS: readonly QuestionId[] = [
  "fields",
  "post",
  "accept",
  "compression",
  "http2",
  "head",
  "end",
  "disconnect",
  "backpressure",
  "parallel",
];

/** Two cuts at times that differ by less than this have the same cause. */
const SAME_CUT_MS = 2_500;

/**
 * Blame each cause once. An answer that only repeats what another one says becomes unknown, and names that one; answers
 * that are good stay as they are.
 */
export function attribute(answers: readonly Answer[]): readonly Answer[] {
  const of = (id: QuestionId): Answer | undefined => answers.find((one) => one.id === id);
  const hidden = new Map<QuestionId, QuestionId>();
  const hide = (ids: readonly QuestionId[], because: QuestionId): void => {
    for (const id of ids) if (!hidden.has(id)) hidden.set(id, because);
  };
  const stream = of("stream");
  if (of("bytes")?.standing === "fault")
    hide(["stream", "idle", "heartbeat", "status", ...OF_STREAMS], "bytes");
  if (stream?.standing === "fault") hide(OF_STREAMS, "stream");
  if (stream?.standing === "fault" && stream.data.kind !== "held") hide(["idle", "heartbeat"], "stream");
  const [idleMs, busyMs] = [cutOf(of("idle")), cutOf(of("heartbeat"))];
  if (idleMs !== undefined && busyMs !== undefined) {
    if (Math.abs(idleMs - busyMs) < SAME_CUT_MS && busyMs > SAME_CUT_MS) hide(["idle"], "heartbeat");
    else hide(["heartbeat"], "idle");
  }
  return answers.map((one) => {
    const because = hidden.get(one.id);
    if (because === undefined || (one.standing !== "fault" && one.standing !== "note")) return one;
    return answer(one.id, "unknown", `not judged: see ${because}`, {
      proof: [one.text, ...one.proof],
      data: one.data,
    });
  });
}

function cutOf(one: Answer | undefined): number | undefined {
  const { cutMs } = one?.data ?? {};
  return typeof cutMs === "number" ? cutMs : undefined;
}
