import { hearing, streaming } from "../peer/change-answers.ts";
import type { Parts } from "../peer/parts.ts";
import type { Mutant } from "./mutant.ts";

/** The first reader that does not hear of a message. */
const DEAF_FROM = 33;

/** Servers that go wrong only with many readers, with a batch, or on a stream that has sent something. */
export const crowdMutants: readonly Mutant[] = [
  {
    id: "thirty-third-hold-is-deaf",
    title: "wakes only 32 of the requests that are held at a position",
    breaks: ["LP-WAIT-1"],
    ...deafFrom("long-poll"),
  },
  {
    id: "thirty-third-stream-is-deaf",
    title: "sends a live message to only 32 streams",
    breaks: ["SSE-MESSAGE-2"],
    ...deafFrom("sse"),
  },
  {
    id: "batch-wakes-with-its-last-message",
    title: "answers a held request with only the last message of a batch",
    breaks: ["CORE-POSITION-1"],
    ...hearing(["long-poll"], (news) =>
      news.type === "page"
        ? { ...news, page: { ...news.page, messages: news.page.messages.slice(-1) } }
        : news,
    ),
  },
  {
    id: "no-heartbeat-after-messages",
    title: "sends no heartbeat on a stream that has sent a message",
    breaks: ["SSE-BEAT-1"],
    ...streaming(
      remembering((block, hasSent) => (hasSent && block.includes("$heartbeat") ? undefined : block)),
    ),
  },
  {
    id: "only-one-heartbeat",
    title: "sends only one heartbeat on a stream",
    breaks: ["SSE-BEAT-1"],
    ...onlyOneHeartbeat(),
  },
  {
    id: "heartbeat-forgets-the-messages",
    title: "gives heartbeats the id of the beginning of the stream",
    breaks: ["SSE-BEAT-2"],
    ...streaming(
      remembering((block, _hasSent, beginning) =>
        block.includes("$heartbeat") ? block.replace(/^id: .*$/m, beginning) : block,
      ),
    ),
  },
  {
    id: "filtered-stream-is-not-closed",
    title: "sends no $closed on filtered streams",
    breaks: ["SSE-CLOSED-1"],
    ...streaming((block, _index, { read }) => (read.events && block.includes("$closed") ? undefined : block)),
  },
];

function onlyOneHeartbeat(): Parts {
  const beaten = new WeakSet<object>();
  return streaming((block, _index, request) => {
    if (!block.includes("$heartbeat")) return block;
    if (beaten.has(request)) return undefined;
    beaten.add(request);
    return block;
  });
}

type Judge = (block: string, hasSent: boolean, beginning: string) => string | undefined;

/** Change blocks by what the stream has sent before: whether a message, and the id of its first block. */
function remembering(change: Judge): (block: string, index: number, request: object) => string | undefined {
  const streams = new WeakMap<object, { hasSent: boolean; beginning: string }>();
  return (block, _index, request) => {
    const known = streams.get(request) ?? { hasSent: false, beginning: /^id: .*$/m.exec(block)?.[0] ?? "" };
    streams.set(request, known);
    const changed = change(block, known.hasSent, known.beginning);
    known.hasSent ||= /^data:/m.test(block) && !block.includes("event: $");
    return changed;
  };
}

/** Readers after the first 32 do not hear of a message. */
function deafFrom(name: "long-poll" | "sse"): Parts {
  const heard = new Map<string, number>();
  return hearing([name], (news, { interrupted }) => {
    const cursor = news.type === "page" ? news.page.messages[0]?.cursor : undefined;
    if (cursor === undefined) return news;
    const count = (heard.get(cursor) ?? 0) + 1;
    heard.set(cursor, count);
    return count >= DEAF_FROM ? interrupted() : news;
  });
}
