import { type Appended, type AppendOptions, gapError } from "@tidemark/log";
import type { RawDraft } from "@tidemark/protocol";
import { test } from "uvu";
import { type Killing, killedIn, Mutant, turn } from "./killed.ts";

const killed = killedIn(test);

type Append = (channel: string, drafts: readonly RawDraft[], options?: AppendOptions) => Promise<Appended>;

/** Register a fault of `append`; `wrong` wraps the correct one. */
function misappend(fault: string, wrong: (append: Append, log: Mutant) => Append, killing: Killing): void {
  killed(
    fault,
    class extends Mutant {
      override append(
        channel: string,
        drafts: readonly RawDraft[],
        options?: AppendOptions,
      ): Promise<Appended> {
        return wrong((...args) => super.append(...args), this)(channel, drafts, options);
      }
    },
    killing,
  );
}

misappend(
  "an append not at the end is stored, and then rejected",
  (append) => async (channel, drafts, options) => {
    try {
      return await append(channel, drafts, options);
    } catch (error) {
      const { after: _, ...rest } = options ?? {};
      if (options?.after !== undefined) await append(channel, drafts, rest).catch(() => undefined);
      throw error;
    }
  },
  {
    by: "only after: an append after a former end is rejected with the present one",
    topics: ["failover", "keys", "only after", "removal", "retention"],
  },
);

misappend(
  "an append after closing is stored, and then rejected",
  (append, { store }) =>
    async (channel, drafts, options) => {
      const state = store.get(channel);
      const wasClosed = state.closed && drafts.length > 0;
      try {
        return await append(channel, drafts, options);
      } finally {
        if (wasClosed) {
          state.closed = false;
          await append(channel, drafts, { close: true });
        }
      }
    },
  {
    by: "closing: a closed channel rejects messages, and the error has its end",
    topics: ["closing", "keys", "only after", "retention"],
  },
);

misappend(
  "drafts are stored one by one",
  (append) => async (channel, drafts, options) => {
    if (drafts.length < 2 || options !== undefined) return append(channel, drafts, options);
    const cursors: string[] = [];
    for (const draft of drafts) {
      cursors.push(...(await append(channel, [draft])).cursors);
      await turn();
    }
    return { cursors, cursor: cursors.at(-1) ?? "", closed: false, replayed: false };
  },
  {
    by: "concurrency: concurrent appends are not lost, duplicated or split",
    topics: ["concurrency"],
  },
);

misappend(
  "an append resolves before it is readable",
  (append, { store }) =>
    async (channel, drafts, options) => {
      if (options !== undefined) return append(channel, drafts, options);
      void turn().then(() => append(channel, drafts).catch(() => undefined));
      return {
        cursors: drafts.map(() => "A.1.A"),
        cursor: store.get(channel).retained.end,
        closed: false,
        replayed: false,
      };
    },
  { by: "appending: an append is readable once it resolves, after all earlier messages" },
);

misappend(
  "`after` is compared one turn before the append",
  (append, { store }) =>
    async (channel, drafts, options) => {
      const { after, ...rest } = options ?? {};
      if (after === undefined || after !== store.get(channel).retained.end)
        return append(channel, drafts, options);
      await turn();
      return append(channel, drafts, rest);
    },
  { by: "only after: of many concurrent appends, one is stored", topics: ["only after"] },
);

misappend(
  "`after` is ignored",
  (append) => (channel, drafts, options) => {
    const { after: _, ...rest } = options ?? {};
    return append(channel, drafts, rest);
  },
  { by: "only after: an append after a former end is rejected with the present one" },
);

misappend(
  "the word `end` is accepted as the present end",
  (append) => (channel, drafts, options) => {
    const { after, ...rest } = options ?? {};
    return append(channel, drafts, after === "end" ? rest : options);
  },
  {
    by: "only after: the words `start` and `end` are rejected, even for an empty channel",
    topics: ["only after"],
  },
);

misappend(
  "an unknown `after` is a gap",
  (append, { store }) =>
    async (channel, drafts, options) => {
      const after = options?.after;
      if (after === "unplaceable.1") throw gapError("unknown", after, store.get(channel).retained);
      return append(channel, drafts, options);
    },
  { by: "only after: an unknown position is rejected as not-at-end, not as a gap", topics: ["only after"] },
);

misappend(
  "`after` is checked before closed",
  (append, { store }) =>
    async (channel, drafts, options) => {
      const { retained, closed } = store.get(channel);
      const { after, key } = options ?? {};
      const isWrong = closed && key === undefined && after !== undefined && after !== retained.end;
      return append(channel, isWrong ? [] : drafts, options);
    },
  { by: "only after: closed is checked before `after`", topics: ["only after"] },
);

misappend(
  "closing again is rejected",
  (append, { store }) =>
    async (channel, drafts, options) => {
      const isAgain = store.get(channel).closed && options?.close === true && options.key === undefined;
      return append(channel, isAgain ? [{ json: "null" }] : drafts, options);
    },
  { by: "closing: closing again without messages succeeds", topics: ["closing"] },
);

misappend(
  "closing writes a message",
  (append) => async (channel, drafts, options) => {
    if (options?.close !== true || drafts.length > 0) return append(channel, drafts, options);
    return append(channel, [{ json: "null" }], options);
  },
  { by: "closing: closing does not move the end" },
);

misappend(
  "a closed channel opens again when something is appended",
  (append, { store }) =>
    (channel, drafts, options) => {
      if (options?.key === undefined) store.get(channel).closed = false;
      return append(channel, drafts, options);
    },
  { by: "closing: a closed channel rejects messages, and the error has its end" },
);

test.run();
