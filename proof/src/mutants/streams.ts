import { answering, blocksOf, hearing, isMessageBlock, streaming, streams } from "../peer/change-answers.ts";
import type { Parts } from "../peer/parts.ts";
import { because, type Mutant } from "./mutant.ts";

/** Servers that send malformed, late or silent streams. */
export const streamMutants: readonly Mutant[] = [
  {
    id: "stream-may-be-buffered",
    title: "lets proxies buffer streams",
    breaks: ["SSE-STREAM-1"],
    ...answering(["sse"], (answer) => {
      const { "X-Accel-Buffering": _buffering, ...headers } = answer.headers;
      return { ...answer, headers };
    }),
  },
  {
    id: "stream-does-not-ask-to-be-forwarded",
    title: "does not ask intermediaries to forward streams incrementally",
    breaks: ["SSE-STREAM-7"],
    ...answering(["sse"], (answer) => {
      const { Incremental: _incremental, ...headers } = answer.headers;
      return { ...answer, headers };
    }),
  },
  {
    id: "no-flush",
    title: "sends nothing on a stream until the first message",
    breaks: ["SSE-STREAM-2"],
    collateral: because(
      "the tests need the first block of the stream",
      "SSE-RESUME-3",
      "SSE-RESUME-4",
      "SSE-STREAM-1",
    ),
    ...streams(async function* (body) {
      yield Buffer.from(":\n");
      let held = "";
      for await (const chunk of body) {
        held += Buffer.from(chunk).toString();
        if (!/^data: [^{]|\$closed$/m.test(held)) continue;
        yield Buffer.from(held);
        held = "";
      }
    }),
  },
  {
    id: "id-before-data",
    title: "writes the id of a message before its data",
    breaks: ["SSE-STREAM-3"],
    ...streaming((block) =>
      isMessageBlock(block) ? block.replace(/^((?:event: .*\n)?)(data: .*\n)(id: .*\n)/, "$1$3$2") : block,
    ),
  },
  {
    id: "payload-over-several-lines",
    title: "splits long data into several data lines",
    breaks: ["SSE-STREAM-4", "SSE-MESSAGE-1"],
    ...streaming((block) =>
      block.replace(/^data: (\[|\{)(.+)$/m, (whole, open: string, rest: string) =>
        isMessageBlock(block) ? `data: ${open}\ndata: ${rest}` : whole,
      ),
    ),
  },
  {
    id: "strings-are-sent-bare",
    title: "sends a string without its JSON quotes",
    breaks: ["SSE-MESSAGE-1", "CORE-MESSAGE-1"],
    collateral: because(
      "the tests tell messages apart by their data",
      "CORE-CHANNEL-1",
      "CORE-POSITION-5",
      "SSE-STREAM-6",
      "SSE-MESSAGE-2",
    ),
    ...streaming((block) => block.replace(/^data: "([^"\\]*)"$/m, "data: $1")),
  },
  {
    id: "event-named-message",
    title: "writes event: message",
    breaks: ["SSE-MESSAGE-1"],
    ...streaming((block) =>
      isMessageBlock(block) && !/^event:/m.test(block) ? `event: message\n${block}` : block,
    ),
  },
  {
    id: "id-runs-ahead",
    title: "sends a bookmark for the end before the messages up to it",
    breaks: ["SSE-STREAM-6"],
    ...streams(async function* (body) {
      for await (const chunk of body) {
        const [first = "", ...rest] = blocksOf(chunk);
        const last = rest.at(-1)?.match(/^id: .*$/m)?.[0];
        yield Buffer.from([first, ...(last === undefined ? [] : [`${last}\n\n`]), ...rest].join(""));
      }
    }),
  },
  {
    id: "live-messages-wait-for-the-heartbeat",
    title: "holds live messages back until the next heartbeat",
    breaks: ["SSE-MESSAGE-2"],
    ...streams(async function* (body) {
      let held = "";
      let opened = false;
      for await (const chunk of body) {
        const text = Buffer.from(chunk).toString();
        held += text;
        if (opened && !/\$(heartbeat|closed)$/m.test(text)) continue;
        opened = true;
        yield Buffer.from(held);
        held = "";
      }
    }),
  },
  {
    id: "only-one-stream-hears",
    title: "sends a live message only to the first stream that waits for it",
    breaks: ["SSE-MESSAGE-2"],
    ...stealingStreams(),
  },
  {
    id: "no-heartbeat",
    title: "sends nothing while nothing is published",
    breaks: ["SSE-BEAT-1"],
    ...streaming((block) => (block.includes("$heartbeat") ? undefined : block)),
  },
  {
    id: "heartbeat-is-a-comment",
    title: "keeps a stream alive with comments, which its readers never see",
    breaks: ["SSE-BEAT-1"],
    ...streaming((block) => (block.includes("$heartbeat") ? ":\n\n" : block)),
  },
  {
    id: "heartbeat-with-an-empty-id",
    title: "sends heartbeats with an empty id, which rewinds its readers",
    breaks: ["SSE-BEAT-2"],
    ...streaming((block) => (block.includes("$heartbeat") ? block.replace(/^id: .*$/m, "id:") : block)),
  },
];

function stealingStreams(): Parts {
  const stolen = new Set<string>();
  return hearing(["sse"], (news) => {
    if (news.type !== "page") return news;
    const messages = news.page.messages.filter(({ cursor }) => !stolen.has(cursor));
    for (const { cursor } of messages) stolen.add(cursor);
    return { type: "page", page: { ...news.page, messages } };
  });
}
