import type { Log } from "@tidemark/log";
import { type Position, ProtocolError } from "@tidemark/protocol";
import { paging, reading } from "../peer/change-answers.ts";
import { leaving, nameOf, problems } from "../peer/change-http.ts";
import { logging, placeOf } from "../peer/change-log.ts";
import type { Parts } from "../peer/parts.ts";
import { because, type Mutant } from "./mutant.ts";

/** Servers that handle gaps wrongly. */
export const gapMutants: readonly Mutant[] = [
  {
    id: "unknown-cursor-starts-at-the-end",
    title: "silently starts at the end when it does not know a cursor",
    breaks: ["CORE-GAP-1", "CORE-GAP-2"],
    collateral: because(
      "reads continue that have to end in a gap",
      "CORE-CHANNEL-4",
      "CORE-GAP-4",
      "LP-WAIT-5",
      "LP-NOW-4",
      "SSE-OPEN-4",
      "SSE-END-3",
    ),
    ...whereGap((log, channel) => log.read(channel, "end", { maxMessages: 1 })),
  },
  {
    id: "unknown-cursor-starts-anew",
    title: "silently starts from the beginning when it does not know a cursor",
    breaks: ["CORE-GAP-1", "CORE-GAP-2"],
    collateral: because(
      "reads continue that have to end in a gap",
      "CORE-CHANNEL-4",
      "CORE-GAP-4",
      "LP-WAIT-5",
      "LP-NOW-4",
      "SSE-OPEN-4",
      "SSE-END-3",
    ),
    ...whereGap((log, channel) => log.read(channel, "start", { maxMessages: 100 })),
  },
  {
    id: "cursor-of-another-channel-is-taken",
    title: "accepts a cursor of another channel as the same place in this one",
    breaks: ["CORE-GAP-1", "CORE-GAP-2", "CORE-CHANNEL-4"],
    ...whereGap(async (log, channel, from, error) => {
      const all = await log.read(channel, "start", { maxMessages: 1_000 });
      const same = all.messages.find(({ cursor }) => placeOf(cursor) === placeOf(from));
      if (!same) throw error;
      return log.read(channel, same.cursor, { maxMessages: 100 });
    }),
  },
  {
    id: "gap-is-answered-400",
    title: "rejects a cursor that it cannot place as malformed",
    breaks: ["CORE-GAP-1", "CORE-GAP-2", "SSE-RESUME-4"],
    collateral: because("a held request gets the same answer", "LP-WAIT-5"),
    ...leaving((ctx) => {
      if (ctx.status !== 410) return;
      const problem = { ...JSON.parse(String(ctx.body)), status: 400, parameter: "after" };
      ctx.status = 400;
      ctx.body = JSON.stringify({ ...problem, type: problem.type.replace(/gap$/, "invalid-parameter") });
      ctx.type = "application/problem+json";
    }),
  },
  {
    id: "old-cursor-is-a-gap",
    title: "reports a gap for a cursor more than eight messages old, although nothing was dropped",
    breaks: ["CORE-GAP-3"],
    ...logging((log) => ({
      async read(channel, from, options) {
        const { cursor: end } = await log.read(channel, "end", { maxMessages: 1 });
        const isOld = (placeOf(from) ?? Number.POSITIVE_INFINITY) < (placeOf(end) ?? 0) - 8;
        return log.read(channel, isOld ? "too.old.1" : from, options);
      },
    })),
  },
  {
    id: "preference-for-a-gap-is-ignored",
    title: "refuses a request after a gap although gap= asks it to continue",
    breaks: ["CORE-GAP-4"],
    collateral: because("this applies to every kind of gap", "LP-WAIT-5", "SSE-RESUME-4"),
    ...reading(["poll", "long-poll", "sse"], () => ({ gap: undefined })),
  },
  {
    id: "gap-is-not-told-in-a-page",
    title: "continues after a gap without reporting it in the page",
    breaks: ["CORE-GAP-4"],
    collateral: because("this applies to held requests too", "LP-WAIT-5"),
    ...paging(({ gap, ...page }) => (gap === undefined ? undefined : page)),
  },
  {
    id: "gap-goes-on-at-the-end",
    title: "continues from the end after a gap, even with gap=start",
    breaks: ["CORE-GAP-4"],
    ...reading(["poll", "long-poll", "sse"], ({ gap }) => ({ gap: gap && "end" })),
  },
  {
    id: "start-of-a-gap-cannot-be-read",
    title: "reports a gap whose start is itself a gap",
    breaks: ["CORE-GAP-5"],
    ...problems((problem) => {
      if (nameOf(problem) === "gap") problem.start = "gone.0.x";
    }),
  },
  {
    id: "reason-is-always-retention",
    title: "gives retention as the reason of every gap",
    breaks: ["CORE-GAP-6"],
    ...problems((problem) => {
      if (nameOf(problem) === "gap") problem.reason = "retention";
    }),
  },
  {
    id: "lagging-node-tells-a-gap",
    title: "reports a gap for a cursor that this node has not reached yet",
    breaks: ["CORE-GAP-7"],
    collateral: because(
      "such a cursor is of the current epoch, nothing after it was dropped, and a gap may name it as its end",
      "CORE-GAP-3",
      "CORE-GAP-5",
      "CORE-CURSOR-4",
      "LP-NOW-3",
      "LP-WAIT-1",
      "LP-WAIT-2",
    ),
    ...laggingNode(),
  },
];

/** When the log reports a gap, return what `goOn` reads instead. */
function whereGap(
  goOn: (log: Log, channel: string, from: Position, error: ProtocolError) => ReturnType<Log["read"]>,
): Parts {
  return logging((log) => ({
    async read(channel, from, options) {
      try {
        return await log.read(channel, from, options);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        return goOn(log, channel, from, error);
      }
    },
  }));
}

/** The node does not know a new end until a read has asked for it once. */
function laggingNode(): Parts {
  const unseen = new Set<string>();
  return logging((log) => ({
    async append(channel, drafts, options) {
      const done = await log.append(channel, drafts, options);
      unseen.add(done.cursor);
      return done;
    },
    read: (channel, from, options) => log.read(channel, unseen.delete(from) ? "ahead.1" : from, options),
  }));
}
