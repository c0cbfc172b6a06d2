import { ProtocolError } from "@tidemark/protocol";
import type { Answer } from "@tidemark/server-core";
import { mechanism } from "../peer/change-answers.ts";
import { bytesOf, looseBody, posts, withBody } from "../peer/change-bodies.ts";
import { problems } from "../peer/change-http.ts";
import { logging } from "../peer/change-log.ts";
import type { Parts } from "../peer/parts.ts";
import { because, type Mutant } from "./mutant.ts";

/** Servers that carry out or answer a publish wrongly. */
export const publishMutants: readonly Mutant[] = [
  {
    id: "batches-mix",
    title: "appends the messages of a publish one by one, so that others can come between them",
    breaks: ["PUB-DONE-1"],
    ...oneByOne(),
  },
  {
    id: "good-drafts-are-kept",
    title: "appends the valid messages of a publish that it rejects for an invalid one",
    breaks: ["PUB-DONE-1"],
    ...posts(async (request, channel, answer) => {
      if (Number(request.headers["content-length"]) > 1_048_576) return answer(request, channel);
      const bytes = await bytesOf(request);
      try {
        return await answer(withBody(request, bytes), channel);
      } catch (error) {
        const messages = looseBody(bytes)?.messages;
        const good = Array.isArray(messages) ? messages.filter((message) => message?.data !== undefined) : [];
        if (good.length > 1 && error instanceof ProtocolError && error.code === "invalid-body")
          await channel.log.append(channel.name, [{ json: JSON.stringify(good[0]?.data) }]);
        throw error;
      }
    }),
  },
  {
    id: "created-without-location",
    title: "answers a publish with 201 but no Location",
    breaks: ["PUB-DONE-2"],
    ...posts(async (request, channel, answer) => {
      const answered = await answer(request, channel);
      return String(answered.body).includes('"cursors":[]') ? answered : { ...answered, status: 201 };
    }),
  },
  {
    id: "cursors-of-a-publish-in-reverse",
    title: "returns the cursors of a publish in reverse order",
    breaks: ["PUB-DONE-3"],
    ...published((body) => ({ ...body, cursors: [...body.cursors].reverse() })),
  },
  {
    id: "cursor-of-a-publish-is-the-first",
    title: "answers a publish with the cursor of its first message as the end",
    breaks: ["PUB-DONE-4"],
    ...published((body) => ({ ...body, cursor: body.cursors[0] ?? body.cursor })),
  },
  {
    id: "closed-is-not-answered",
    title: "does not report in the answer to a publish that the channel is closed",
    breaks: ["PUB-DONE-5"],
    collateral: because("the answer to a close alone lacks it too", "PUB-CLOSE-1"),
    ...published(({ closed: _closed, ...body }) => body),
  },
  {
    id: "closing-again-is-refused",
    title: "rejects closing a channel that is already closed",
    breaks: ["PUB-CLOSE-1"],
    collateral: because("a refused close does not look at after", "PUB-AFTER-1"),
    ...logging((log) => ({
      async append(channel, drafts, options) {
        const { cursor, closed } = await log.read(channel, "end", { maxMessages: 1 });
        if (closed && drafts.length === 0)
          throw new ProtocolError("closed", "It is closed", { members: { end: cursor } });
        return log.append(channel, drafts, options);
      },
    })),
  },
  {
    id: "closed-takes-more",
    title: "reports success for a publish to a closed channel",
    breaks: ["PUB-CLOSE-2"],
    ...logging((log) => ({
      async append(channel, drafts, options) {
        const { cursor, closed } = await log.read(channel, "end", { maxMessages: 1 });
        if (!closed || drafts.length === 0 || options?.key) return log.append(channel, drafts, options);
        return { cursors: drafts.map(() => cursor), cursor, closed, replayed: false };
      },
    })),
  },
  {
    id: "after-of-a-publish-is-ignored",
    title: "appends at the end regardless of after",
    breaks: ["PUB-AFTER-1", "PUB-ORDER-2"],
    ...logging((log) => ({
      append: (channel, drafts, { after: _after, ...options } = {}) => log.append(channel, drafts, options),
    })),
  },
  {
    id: "word-as-after-of-a-publish",
    title: "accepts the word end as after of a publish",
    breaks: ["PUB-AFTER-1"],
    collateral: because("the end has moved when the next rejection reports it", "PUB-AFTER-3"),
    ...logging((log) => ({
      append: (channel, drafts, { after, ...options } = {}) =>
        log.append(channel, drafts, after === undefined || after === "end" ? options : { ...options, after }),
    })),
  },
  {
    id: "malformed-after-is-not-at-end",
    title: "answers not-at-end to a malformed after",
    breaks: ["PUB-AFTER-2"],
    ...posts(async (request, channel, answer) => {
      if (Number(request.headers["content-length"]) > 1_048_576) return answer(request, channel);
      const bytes = await bytesOf(request);
      try {
        return await answer(withBody(request, bytes), channel);
      } catch (error) {
        if (!(error instanceof ProtocolError) || error.members.pointer !== "/after") throw error;
        if (!/"after":"/.test(bytes.toString())) throw error;
        const { cursor } = await channel.read("end", { maxMessages: 1 });
        throw new ProtocolError("not-at-end", "It is not the end", { members: { end: cursor } });
      }
    }),
  },
  {
    id: "end-of-a-refusal-is-the-start",
    title: "reports a wrong end when it rejects a publish",
    breaks: ["PUB-AFTER-3"],
    ...problems((problem) => {
      if (problem.status === 409 && "end" in problem) problem.end = "Z.0.z";
    }),
  },
  {
    id: "removal-of-nothing-is-404",
    title: "answers DELETE with 404 when there is nothing to remove",
    breaks: ["PUB-REMOVE-1"],
    ...mechanism(["publish"], ({ answer }) => ({
      async answer(request, channel) {
        if (request.method !== "DELETE") return answer(request, channel);
        if (!(await channel.log.remove(channel.name)))
          throw new ProtocolError("no-such-channel", "The channel does not exist");
        return { status: 204, headers: {} };
      },
    })),
  },
  {
    id: "removal-of-nothing-begins-anew",
    title: "makes the cursor of an empty channel a gap when the channel is removed",
    breaks: ["PUB-REMOVE-2"],
    ...removingNothing(),
  },
  {
    id: "removed-channel-is-closed",
    title: "accepts no messages for a channel that was removed",
    breaks: ["PUB-REMOVE-3"],
    collateral: because("a key cannot be used again in a channel that takes nothing", "PUB-KEY-10"),
    ...logging((log) => ({
      async remove(channel) {
        const existed = await log.remove(channel);
        if (existed) await log.append(channel, [], { close: true });
        return existed;
      },
    })),
  },
  {
    id: "removal-does-nothing",
    title: "answers DELETE with 204 but keeps the channel",
    breaks: ["PUB-REMOVE-1", "PUB-REMOVE-3"],
    collateral: because(
      "the tests observe the effects of a removal",
      "PUB-KEY-10",
      "CORE-GAP-1",
      "CORE-GAP-2",
      "LP-WAIT-5",
      "LP-NOW-4",
      "SSE-END-3",
    ),
    ...logging(() => ({ remove: async () => true })),
  },
];

interface LoosePublished {
  readonly cursors: readonly string[];
  readonly cursor: string;
  readonly closed?: boolean;
}

/** Change the answer to a successful publish. */
function published(change: (body: LoosePublished) => LoosePublished): Parts {
  return posts(async (request, channel, answer): Promise<Answer> => {
    const answered = await answer(request, channel);
    return { ...answered, body: JSON.stringify(change(JSON.parse(String(answered.body)))) };
  });
}

function removingNothing(): Parts {
  const removed = new Set<string>();
  return logging((log) => ({
    async read(channel, from, options) {
      const page = await log.read(channel, from, options);
      return removed.has(page.from) && from === page.from ? log.read(channel, "removed.1", options) : page;
    },
    async remove(channel) {
      const { from, cursor } = await log.read(channel, "start", { maxMessages: 1 });
      if (from === cursor) removed.add(from);
      return log.remove(channel);
    },
  }));
}

function oneByOne(): Parts {
  return logging((log) => ({
    async append(channel, drafts, options = {}) {
      const [first, ...rest] = drafts;
      if (first === undefined || rest.length === 0 || options.key)
        return log.append(channel, drafts, options);
      const { close, ...begin } = options;
      let done = await log.append(channel, [first], begin);
      const cursors = [...done.cursors];
      for (const [index, draft] of rest.entries()) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        done = await log.append(channel, [draft], close && index === rest.length - 1 ? { close } : {});
        cursors.push(...done.cursors);
      }
      return { ...done, cursors };
    },
  }));
}
