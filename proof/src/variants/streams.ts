import { answering, blocksOf, streaming, streams } from "../peer/change-answers.ts";
import type { Variant } from "./variant.ts";

/** Servers with unusual streams. */
export const streamVariants: readonly Variant[] = [
  {
    id: "lines-end-with-crlf",
    title: "ends the lines of its streams with CRLF",
    ...streaming((block) => block.replaceAll("\n", "\r\n")),
  },
  {
    id: "lines-end-with-cr",
    title: "ends the lines of its streams with CR",
    ...streaming((block) => block.replaceAll("\n", "\r")),
  },
  {
    id: "incremental-with-parameters",
    title: "sends Incremental with a parameter, which recipients ignore",
    ...answering(["sse"], (answer) => ({
      ...answer,
      headers: { ...answer.headers, Incremental: "?1;note=1" },
    })),
  },
  {
    id: "comments-everywhere",
    title: "writes a comment before every line of its streams",
    ...streaming((block) => block.replace(/^(?=.)/gm, ": data: not this\n")),
  },
  {
    id: "byte-order-mark",
    title: "begins its streams with a byte order mark",
    ...streaming((block, index) => (index === 0 ? `\ufeff${block}` : block)),
  },
  {
    id: "padding-before-open",
    title: "starts its streams with a long comment and an empty line",
    ...streaming((block, index) => (index === 0 ? `:${" ".repeat(2_048)}\n\n${block}` : block)),
  },
  {
    id: "no-space-after-the-colon",
    title: "writes no space after the colons of stream fields",
    ...streaming((block) => block.replace(/^(\w+): /gm, "$1:")),
  },
  {
    id: "bookmarks",
    title: "repeats the position in a bookmark after each block",
    ...streaming((block) => {
      const id = /^id: .*$/m.exec(block)?.[0];
      return id === undefined || block.includes("$closed") ? block : `${block}${id}\n\n`;
    }),
  },
  {
    id: "stream-closed-after-every-event",
    title: "ends each stream after its first event, so that the client reconnects",
    ...streams(async function* (body) {
      for await (const chunk of body) {
        const blocks = blocksOf(chunk);
        const events = blocks.findIndex((block) => block !== "" && !block.includes("$open"));
        yield Buffer.from(blocks.slice(0, events === -1 ? blocks.length : events + 1).join(""));
        if (events !== -1) return;
      }
    }),
  },
  {
    id: "restless-heartbeat",
    title: "sends an additional heartbeat after each block",
    ...streaming((block) => {
      const id = /^id: .*$/m.exec(block)?.[0];
      return id === undefined || block.includes("$closed")
        ? block
        : `${block}event: $heartbeat\ndata: {"late":false}\n${id}\n\n`;
    }),
  },
  {
    id: "streams-live-one-second",
    title: "ends every stream after a second",
    options: { sse: { heartbeatS: 2, retryMs: 50, maxAgeS: 1 } },
  },
  {
    id: "unknown-events-and-fields",
    title: "sends unknown $ events and unknown fields",
    ...streaming((block) =>
      block.includes("$open")
        ? `${block}event: $later\ndata: {}\n\n`
        : block.replace(/^(?=id: )/m, "hint: x\n"),
    ),
  },
];
