import type { Behavior } from "../behavior.ts";
import { PLAIN } from "../behavior.ts";
import type { Entry } from "../feed.ts";
import type { StreamMutant } from "../subject.ts";

type Frame = (entry: Entry) => string;

const plain: Frame = (entry) => PLAIN.history.frame(entry, undefined as never);

/** The frame of an event, written in another way. */
function framed(frame: Frame): Partial<Behavior> {
  return { frame: (entry) => frame(entry) };
}

/** Only the server's own events of this number and its multiples are written in another way. */
function every(count: number, frame: Frame): Partial<Behavior> {
  return {
    frame: (entry) => {
      const n = Number(/^\{"n":(\d+)/.exec(entry.data)?.[1] ?? 1);
      return n % count === 0 ? frame(entry) : plain(entry);
    },
  };
}

/** The published payload, changed before it becomes an event. */
function accepts(change: (payload: string) => string): Partial<Behavior> {
  return { accept: (payload, event) => PLAIN.history.accept(change(payload), event) };
}

const head = ({ id, event }: Entry): string =>
  `${id === undefined ? "" : `id: ${id}\n`}${event ? `event: ${event}\n` : ""}`;

/** Servers that write events in a wrong way. */
export const FRAMING: readonly StreamMutant[] = [
  {
    id: "latin-1-bytes",
    title: "writes the stream in Latin-1",
    kind: "live",
    changes: { encode: (text) => [Buffer.from(text, "latin1")] },
    breaks: ["ES-FRAME-1"],
    collateral: ["ES-FRAME-4"],
  },
  {
    id: "cuts-characters",
    title: "cuts long data after a number of bytes, in the middle of a character",
    kind: "live",
    changes: {
      encode: (text) => {
        const bytes = Buffer.from(text);
        const at = bytes.indexOf(0xc3);
        return at === -1 ? [bytes] : [bytes.subarray(0, at + 1), Buffer.from("\n\n")];
      },
    },
    breaks: ["ES-FRAME-1"],
    collateral: ["ES-FRAME-4"],
  },
  {
    id: "capital-data",
    title: "writes `Data:` for `data:`",
    kind: "live",
    changes: every(2, (entry) => plain(entry).replace("data:", "Data:")),
    breaks: ["ES-FRAME-2"],
  },
  {
    id: "events-for-event",
    title: "writes `events:` for `event:`",
    kind: "live",
    changes: framed((entry) => `events: message\n${plain(entry)}`),
    breaks: ["ES-FRAME-2"],
  },
  {
    id: "data-without-prefix",
    title: "writes each event's data twice, once without `data:`",
    kind: "live",
    changes: every(3, (entry) => `${entry.data}\n${plain(entry)}`),
    breaks: ["ES-FRAME-2"],
  },
  {
    id: "json-over-several-lines",
    title: "writes indented JSON, with `data:` on its first line only",
    kind: "live",
    changes: framed((entry) =>
      entry.data.startsWith("{") ? `data: ${indented(entry.data)}\n\n` : plain(entry),
    ),
    breaks: ["ES-FRAME-2"],
  },
  {
    id: "byte-order-marks",
    title: "begins every event with a byte order mark",
    kind: "live",
    changes: framed((entry) => `\uFEFF${plain(entry)}`),
    breaks: ["ES-FRAME-2"],
    collateral: ["ES-FRAME-3", "ES-LIFE-5"],
  },
  {
    id: "bare-cr",
    title: "writes a CR of the payload as it is, which begins a new line",
    kind: "history",
    changes: framed(
      (entry) =>
        `${head(entry)}${entry.data
          .split("\n")
          .map((line) => `data: ${line}\n`)
          .join("")}\n`,
    ),
    breaks: ["ES-FRAME-3", "ES-FRAME-4"],
  },
  {
    id: "bare-lf",
    title: "writes a line break of the payload as it is",
    kind: "history",
    changes: framed((entry) => `${head(entry)}data: ${entry.data}\n\n`),
    breaks: ["ES-FRAME-3", "ES-FRAME-4"],
  },
  {
    id: "loses-leading-space",
    title: "writes `data:` without a space, so that a space at the beginning of the payload is lost",
    kind: "history",
    changes: framed((entry) => plain(entry).replaceAll("data: ", "data:")),
    breaks: ["ES-FRAME-4"],
  },
  {
    id: "trims",
    title: "trims the payload",
    kind: "history",
    changes: accepts((payload) => payload.trim()),
    breaks: ["ES-FRAME-4"],
  },
  {
    id: "drops-empty-lines",
    title: "leaves out empty lines of the payload",
    kind: "history",
    changes: accepts((payload) => payload.split("\n").filter(Boolean).join("\n") || payload),
    breaks: ["ES-FRAME-4"],
  },
  {
    id: "colon-becomes-comment",
    title: "writes a payload that begins with a colon as a comment",
    kind: "history",
    changes: framed((entry) => (entry.data.startsWith(":") ? `${entry.data}\n\n` : plain(entry))),
    breaks: ["ES-FRAME-3"],
  },
  {
    id: "one-event-per-line",
    title: "makes each line of the payload an event",
    kind: "history",
    changes: { accept: (payload) => payload.split("\n").map((data) => ({ data })) },
    breaks: ["ES-FRAME-3"],
    collateral: ["ES-FRAME-4"],
  },
  {
    id: "joins-lines",
    title: "replaces line breaks of the payload with spaces",
    kind: "history",
    changes: accepts((payload) => payload.replaceAll("\n", " ")),
    breaks: ["ES-FRAME-4"],
  },
  {
    id: "escapes-html",
    title: "escapes the payload as HTML",
    kind: "history",
    changes: accepts((payload) => payload.replaceAll("&", "&amp;").replaceAll("<", "&lt;")),
    breaks: ["ES-FRAME-4"],
  },
  {
    id: "payload-as-latin-1",
    title: "reads the payload as Latin-1",
    kind: "history",
    changes: accepts((payload) => Buffer.from(payload).toString("latin1")),
    breaks: ["ES-FRAME-4"],
  },
  {
    id: "event-without-data",
    title: "writes every third event with a name but without data",
    kind: "live",
    changes: every(3, () => "event: changed\n\n"),
    breaks: ["ES-FRAME-5"],
  },
  {
    id: "retry-with-a-unit",
    title: "writes `retry: 3s`",
    kind: "live",
    changes: { opening: () => "retry: 3s\n\n" },
    breaks: ["ES-FRAME-6"],
  },
  {
    id: "retry-at-once",
    title: "writes `retry: 10`",
    kind: "live",
    changes: { opening: () => "retry: 10\n\n" },
    breaks: ["ES-FRAME-7"],
  },
  {
    id: "retry-in-an-hour",
    title: "writes `retry: 3600000`",
    kind: "live",
    changes: { opening: () => "retry: 3600000\n\n" },
    breaks: ["ES-FRAME-7"],
  },
  {
    id: "nul-in-ids",
    title: "writes ids that contain U+0000, which clients ignore",
    kind: "history",
    changes: { mint: (n, start) => `${start}\0${n}` },
    breaks: ["ES-FRAME-8"],
  },
  {
    id: "ends-without-a-blank-line",
    title: "ends a run before the blank line, so that clients drop the last event",
    kind: "run",
    changes: { frame: (entry) => (entry.event === "done" ? plain(entry).trimEnd() : plain(entry)) },
    breaks: ["ES-FRAME-9"],
    collateral: ["ES-END-1"],
  },
  {
    id: "blank-line-before-the-next",
    title: "writes the blank line before the next event, so that every event comes one too late",
    kind: "live",
    changes: { everyMs: 400, frame: (entry) => `\n${plain(entry).slice(0, -1)}` },
    breaks: ["ES-FRAME-10"],
  },
  {
    id: "no-blank-lines",
    title: "writes no blank lines, so that clients see nothing",
    kind: "live",
    changes: framed((entry) => plain(entry).slice(0, -1)),
    breaks: ["ES-FRAME-10"],
    collateral: ["ES-FRAME-4"],
  },
  {
    id: "escapes-line-breaks",
    title: "writes its line breaks as a backslash and an n",
    kind: "history",
    changes: framed((entry) => plain(entry).replaceAll("\n", "\\n")),
    breaks: ["ES-FRAME-10"],
    collateral: ["ES-FRAME-3"],
  },
  {
    id: "frames-twice",
    title: "writes `data: ` before an event that is an event stream already",
    kind: "live",
    changes: framed((entry) => `data: data: ${entry.data}\n\n`),
    breaks: ["ES-FRAME-11"],
    collateral: ["ES-FRAME-3", "ES-FRAME-4"],
  },
  {
    id: "object-as-text",
    title: "writes the payload's object as text: `[object Object]`",
    kind: "live",
    changes: framed((entry) => plain({ ...entry, data: "[object Object]" })),
    breaks: ["ES-FRAME-11"],
    collateral: ["ES-FRAME-3", "ES-FRAME-4", "ES-LIFE-5"],
  },
  {
    id: "decodes-as-ascii",
    title: "replaces all bytes of a payload that are not ASCII by U+FFFD",
    kind: "live",
    changes: framed((entry) => plain({ ...entry, data: entry.data.replace(/[^\0-\x7f]/g, "\ufffd") })),
    breaks: ["ES-FRAME-11"],
    collateral: ["ES-FRAME-3", "ES-FRAME-4"],
  },
];

function indented(data: string): string {
  return data.startsWith("{") ? JSON.stringify(JSON.parse(data), undefined, 2) : data;
}
