import { type Behavior, PLAIN } from "../behavior.ts";
import type { StreamSubject } from "../subject.ts";

/** All text that the server writes, changed. */
function rewritten(change: (text: string) => string): Partial<Behavior> {
  return { encode: (text) => [Buffer.from(change(text))] };
}

const lines = (n: number): string => `first line of ${n}\n\n  an indented line\n: not a comment\n`;

/** Servers that write events in an unusual way. */
export const ODD_FRAMING: readonly StreamSubject[] = [
  {
    id: "ends-lines-with-cr",
    title: "ends its lines with CR",
    kind: "history",
    changes: rewritten((text) => text.replaceAll("\n", "\r")),
  },
  {
    id: "ends-lines-with-crlf",
    title: "ends its lines with CRLF",
    kind: "history",
    changes: rewritten((text) => text.replaceAll("\n", "\r\n")),
  },
  {
    id: "mixes-line-ends",
    title: "ends fields with CRLF and events with LF",
    kind: "history",
    changes: rewritten((text) => text.replace(/\n(?!\n|$)/g, "\r\n")),
  },
  {
    id: "comments-everywhere",
    title: "writes comments between all fields of an event",
    kind: "history",
    changes: {
      frame: (entry, visit) =>
        PLAIN.history.frame(entry, visit).replace(/^(?=\w)/gm, ": data: not data\n:\n"),
    },
  },
  {
    id: "one-byte-at-a-time",
    title: "writes each byte by itself",
    kind: "history",
    changes: { everyMs: 300, encode: (text) => [...Buffer.from(text)].map((byte) => Buffer.from([byte])) },
  },
  {
    id: "begins-with-a-byte-order-mark",
    title: "begins the stream with a byte order mark",
    kind: "history",
    changes: { opening: () => "\uFEFF: welcome\n\n" },
  },
  {
    id: "no-space-after-the-colon",
    title: "writes no space after the colon, because its data begins with none",
    kind: "history",
    changes: {
      frame: (entry, visit) => PLAIN.history.frame(entry, visit).replace(/^(\w+): (?! )/gm, "$1:"),
    },
  },
  {
    id: "data-before-the-id",
    title: "writes the data first, then the id",
    kind: "history",
    changes: {
      frame: ({ id, data }) => `data: ${data}\nid: ${id}\n\n`,
      accept: (payload) => PLAIN.history.accept(JSON.stringify(payload), undefined),
    },
    suite: { mayNotPublish: true },
  },
  {
    id: "id-in-a-block-of-its-own",
    title: "writes the data of an event, and its id in the next block",
    kind: "history",
    changes: { frame: ({ id, data }) => `data: ${data}\n\nid: ${id}\n\n` },
    suite: { mayNotPublish: true },
  },
  {
    id: "id-in-the-block-before",
    title: "writes the id of an event in a block of its own, before the event",
    kind: "history",
    changes: { frame: ({ id, data }) => `id: ${id}\n\ndata: ${data}\n\n` },
    suite: { mayNotPublish: true },
  },
  {
    id: "data-of-many-lines",
    title: "sends data of several lines, with empty and indented ones",
    kind: "history",
    changes: { data: lines },
  },
  {
    id: "retry-with-every-event",
    title: "writes `retry` with every event",
    kind: "history",
    changes: { frame: (entry, visit) => `retry: 2500\n${PLAIN.history.frame(entry, visit)}` },
  },
  {
    id: "retry-by-itself",
    title: "writes a block that has only `retry`",
    kind: "history",
    changes: { opening: () => "retry: 2500\n\n" },
  },
  {
    id: "retry-before-the-first-event",
    title: "begins the block of the first event with `retry`, a second before the event",
    kind: "history",
    changes: { everyMs: 1_000, opening: () => "retry: 2500\n" },
  },
  {
    id: "data-urls",
    title: "sends `data:` URLs",
    kind: "history",
    changes: { data: (n) => `data:text/plain;n=${n},hello` },
  },
  {
    id: "all-events-are-named",
    title: "names every event",
    kind: "history",
    changes: {
      accept: (data) => [{ data, event: "news" }],
      live: (entry) => [{ event: "news", ...entry }],
      plan: named,
    },
  },
  {
    id: "fields-without-a-colon",
    title: "writes an empty line of data as `data`",
    kind: "history",
    changes: {
      data: lines,
      frame: (entry, visit) => PLAIN.history.frame(entry, visit).replace(/^data: $/gm, "data"),
    },
  },
  {
    id: "one-event-of-two-megabytes",
    title: "sends an event of 2 MB",
    kind: "history",
    changes: { data: (n) => (n === 12 ? "x".repeat(2_000_000) : PLAIN.history.data(n)) },
  },
  {
    id: "many-events-in-one-write",
    title: "writes twenty events at once, every two seconds",
    kind: "history",
    changes: { everyMs: 2_000, burst: 20 },
  },
];

function named(visit: Parameters<Behavior["plan"]>[0]): ReturnType<Behavior["plan"]> {
  const plan = PLAIN.history.plan(visit);
  return "status" in plan ? plan : { entries: plan.entries.map((entry) => ({ ...entry, event: "news" })) };
}
