import { setTimeout as sleep } from "node:timers/promises";
import { isCursor } from "@tidemark/protocol";
import { altered } from "@tidemark/server-core";
import { answering, hearing, mechanism, streaming, streams } from "../peer/change-answers.ts";
import type { Mutant } from "./mutant.ts";

/** Longer than the suite waits for the end of a stream. */
const FOREVER_MS = 30_000;

/** Servers that end streams wrongly. */
export const streamEndMutants: readonly Mutant[] = [
  {
    id: "last-message-lost-on-close",
    title: "drops the message that arrives together with the close",
    breaks: ["SSE-STREAM-6"],
    ...hearing(["sse"], (news) =>
      news.type === "page" && news.page.closed ? { ...news, page: { ...news.page, messages: [] } } : news,
    ),
  },
  {
    id: "closed-without-id",
    title: "sends $closed without an id",
    breaks: ["SSE-CLOSED-1"],
    ...streaming((block) => (block.includes("$closed") ? block.replace(/^id: .*\n/m, "") : block)),
  },
  {
    id: "stream-stays-open-after-closed",
    title: "keeps a stream open after $closed",
    breaks: ["SSE-CLOSED-1"],
    ...streams(async function* (body, { signal }) {
      let closed = false;
      for await (const chunk of body) {
        closed ||= Buffer.from(chunk).includes("$closed");
        yield chunk;
      }
      if (closed) await sleep(FOREVER_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }),
  },
  {
    id: "closed-end-is-a-stream-again",
    title: "lets an EventSource reconnect to a closed channel forever",
    breaks: ["SSE-CLOSED-2"],
    ...mechanism(["sse"], ({ answer }) => ({
      answer: (request, channel) => {
        const { lastEventId } = request.read;
        if (lastEventId === undefined || !isCursor(lastEventId)) return answer(request, channel);
        return answer(
          altered(request, { read: { ...request.read, lastEventId: undefined, after: lastEventId } }),
          channel,
        );
      },
    })),
  },
  {
    id: "204-for-after-too",
    title:
      "answers 204 to a stream with after at the end of a closed channel, so its reader never sees $closed",
    breaks: ["SSE-CLOSED-3"],
    ...answering(["sse"], async (answer, { read }, channel) => {
      if (read.after === undefined || read.lastEventId !== undefined || answer.status !== 200) return answer;
      const end = await channel.read("end", { maxMessages: 1 });
      return end.closed && end.cursor === read.after ? { status: 204, headers: {} } : answer;
    }),
  },
  {
    id: "stream-outlives-its-channel",
    title: "keeps a stream open when its channel is removed",
    breaks: ["SSE-END-3"],
    ...hearing(["sse"], (news, { interrupted }) => (news.type === "broken" ? interrupted() : news)),
  },
  {
    id: "removal-is-told-as-close",
    title: "sends $closed when a channel is removed",
    breaks: ["SSE-END-3"],
    ...streams(async function* (body) {
      let id = "";
      let closed = false;
      for await (const chunk of body) {
        const text = Buffer.from(chunk).toString();
        id = text.match(/^id: .*$/gm)?.at(-1) ?? id;
        closed ||= text.includes("$closed");
        yield chunk;
      }
      if (!closed) yield Buffer.from(`event: $closed\ndata: {}\n${id}\n\n`);
    }),
  },
];
