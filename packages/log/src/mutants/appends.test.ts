import type { RawDraft } from "@tidemark/protocol";
import { test } from "uvu";
import type { Appended, AppendOptions } from "../log.ts";
import { gapError } from "../refusals.ts";
import { type Killing, killedIn, Mutant, turn } from "./killed.ts";

const killed = killedIn(test);

type Append = (channel: string, drafts: readonly RawDraft[], options?: AppendOptions) => Promise<Appended>;

/** A fault of appending: `append` is the right one. */
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
  "what is not at the end is stored, and then refused",
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
    by: "only after: a former end is refused, and told the present one",
    topics: ["failover", "keys", "only after", "removal", "retention"],
  },
);

misappend(
  "what comes after closing is stored, and then refused",
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
    by: "closing: it takes no more messages, and says where it ends",
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
    by: "concurrency: of many appenders nothing is lost, doubled or torn",
    topics: ["concurrency"],
  },
);

misappend(
  "it resolves before it is readable",
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
  { by: "appending: it is readable once it resolved, behind all that was there" },
);

misappend(
  "`after` is compared, and acted upon a turn later",
  (append, { store }) =>
    async (channel, drafts, options) => {
      const { after, ...rest } = options ?? {};
      if (after === undefined || after !== store.get(channel).retained.end)
        return append(channel, drafts, options);
      await turn();
      return append(channel, drafts, rest);
    },
  { by: "only after: of many at once, one is stored", topics: ["only after"] },
);

misappend(
  "`after` is ignored",
  (append) => (channel, drafts, options) => {
    const { after: _, ...rest } = options ?? {};
    return append(channel, drafts, rest);
  },
  { by: "only after: a former end is refused, and told the present one" },
);

misappend(
  "the word `end` stands for the present end",
  (append) => (channel, drafts, options) => {
    const { after, ...rest } = options ?? {};
    return append(channel, drafts, after === "end" ? rest : options);
  },
  { by: "only after: the words are no end, not even of an empty channel", topics: ["only after"] },
);

misappend(
  "an `after` that cannot be placed is a gap",
  (append, { store }) =>
    async (channel, drafts, options) => {
      const after = options?.after;
      if (after === "unplaceable.1") throw gapError("unknown", after, store.get(channel).retained);
      return append(channel, drafts, options);
    },
  { by: "only after: what cannot be placed is refused, and is no gap", topics: ["only after"] },
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
  { by: "only after: closed is checked before it", topics: ["only after"] },
);

misappend(
  "closing again is refused",
  (append, { store }) =>
    async (channel, drafts, options) => {
      const isAgain = store.get(channel).closed && options?.close === true && options.key === undefined;
      return append(channel, isAgain ? [{ json: "null" }] : drafts, options);
    },
  { by: "closing: closing again without messages is no error", topics: ["closing"] },
);

misappend(
  "closing writes a message",
  (append) => async (channel, drafts, options) => {
    if (options?.close !== true || drafts.length > 0) return append(channel, drafts, options);
    return append(channel, [{ json: "null" }], options);
  },
  { by: "closing: it does not move the end" },
);

misappend(
  "a closed channel opens again when something is appended",
  (append, { store }) =>
    (channel, drafts, options) => {
      if (options?.key === undefined) store.get(channel).closed = false;
      return append(channel, drafts, options);
    },
  { by: "closing: it takes no more messages, and says where it ends" },
);

test.run();
