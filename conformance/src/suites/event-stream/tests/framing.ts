import { type Claim, claim } from "../../../engine/model/claim.ts";
import type { FieldLine } from "../../../engine/wire/event-stream.ts";
import type { StreamTest } from "../context.ts";
import { blankLinesOf } from "../observe/blank-lines.ts";
import { OWN_MARK } from "../observe/payloads.ts";
import { publishedIn } from "../observe/published.ts";

const KNOWN: ReadonlySet<string> = new Set(["", "data", "event", "id", "retry"]);

/** The span of a sensible `retry`, in milliseconds. */
const RETRY_MS = { least: 1_000, most: 60_000 };

/** Data that waits so long for a blank line gets none. */
const MISSING_MS = 5_000;

/** So many late blank lines are no accident. */
const LATE_EVENTS = 3;

/** What begins as a line of an event stream; a `data:` URL has no space behind its colon. */
const FRAMED = /^(?:data|event|id|retry): /;

/** What a page shows if its server wrote an object as text, or decoded its payloads wrongly. */
const SPOILT = /^\[object Object\]$|\ufffd/;

/** Names of events that only show that the stream is alive: no client has to see them. */
const ALIVE = /^(?:ping|pong|heart-?beat|keep-?alive|alive|noop)$/i;

/** What an unknown line most likely is. */
function causeOf({ name, value }: FieldLine): string {
  const close = name.trim().toLowerCase();
  if (KNOWN.has(close) && close !== "") return `a field name is spelt exactly: ${close}`;
  if (/^(?:datas|events|ids|retries|type|message|msg)$/.test(close)) return "an unknown field name";
  if (/^[{[\]}"<]/.test(name) || value === "") return "most likely an unescaped line break in a payload";
  return "an unknown field name, or an unescaped line break in a payload";
}

function shownLine({ name, value }: FieldLine): string {
  return JSON.stringify(value === "" ? name.slice(0, 80) : `${name.slice(0, 40)}: ${value.slice(0, 60)}`);
}

/** Whether every line is known; the claim names the first one that is not, and its likely cause. */
export function linesAreKnown(lines: readonly FieldLine[]): Claim {
  const unknown = lines.find(({ name }) => !KNOWN.has(name));
  const got = unknown === undefined ? "only those" : `${shownLine(unknown)}: ${causeOf(unknown)}`;
  return claim(unknown === undefined, "the lines", "comments, data, event, id and retry", got);
}

/** Whether a line is not a part of what the suite published, or its field name is misspelt. */
export function isForeign({ name, value }: FieldLine): boolean {
  return !OWN_MARK.test(`${name}${value}`) || KNOWN.has(name.trim().toLowerCase());
}

/** Tests of the bytes of the stream. */
export const framingTests: readonly StreamTest[] = [
  {
    id: "sse/framing/utf-8",
    title: "The stream is UTF-8",
    requirements: ["ES-FRAME-1"],
    async run(t) {
      const { reader, exchange } = await t.watched();
      if (exchange.body.length === 0) t.unseen("NEEDS_EVENTS", "no byte came");
      const [bad] = reader.badUtf8;
      const got = bad === undefined ? "UTF-8" : `not UTF-8 in ${JSON.stringify(bad.line.slice(0, 80))}`;
      t.judge("ES-FRAME-1", claim(bad === undefined, "the bytes", "UTF-8", got), exchange);
    },
  },
  {
    id: "sse/framing/lines",
    title: "Every line is a comment or a field that clients know",
    requirements: ["ES-FRAME-2"],
    async run(t) {
      const { blocks, reader, exchange } = await t.watched();
      const lines = [...blocks.flatMap((block) => block.lines), ...reader.unfinished.slice(0, -1)];
      if (lines.length === 0 && reader.comments.length === 0) t.unseen("NEEDS_EVENTS", "no line came");
      const foreign = lines.filter(isForeign);
      const plain = t.target.driver ? (await publishedIn(t.seen)).sent[0] : undefined;
      const judged = plain?.events.length === 0 ? lines : foreign; // even plain text is not an event
      if (linesAreKnown(judged).ok && !linesAreKnown(lines).ok)
        t.unseen("DEPENDENCY_FAILED", "the unknown lines are payloads of the suite (ES-FRAME-3, ES-FRAME-4)");
      t.judge("ES-FRAME-2", linesAreKnown(judged), exchange);
    },
  },
  {
    id: "sse/framing/data",
    title: "Every block with an event has data",
    requirements: ["ES-FRAME-5"],
    async run(t) {
      const { blocks, exchange } = await t.watched();
      if (blocks.length === 0) t.unseen("NEEDS_EVENTS", "no block came");
      const names = blocks
        .filter(({ event }) => event === undefined)
        .map(({ lines }) => lines.findLast((line) => line.name === "event")?.value);
      const name = names.find((one) => one !== undefined && !ALIVE.test(one));
      const got = name === undefined ? "all of them" : `event: ${name} without data, which clients never see`;
      t.judge("ES-FRAME-5", claim(name === undefined, "blocks with event and data", "all", got), exchange);
    },
  },
  {
    id: "sse/framing/retry",
    title: "retry is a sensible number of milliseconds",
    requirements: ["ES-FRAME-6", "ES-FRAME-7"],
    async run(t) {
      const { blocks, exchange } = await t.watched();
      const values = blocks
        .flatMap(({ lines }) => lines.filter(({ name }) => name === "retry"))
        .map(({ value }) => value);
      if (values.length === 0) t.notApplicable("the stream sends no retry");
      const bad = values.find((value) => !/^[0-9]+$/.test(value));
      t.judge("ES-FRAME-6", claim(bad === undefined, "retry", "ASCII digits", bad ?? values[0]), exchange);
      const numbers = values.filter((value) => /^[0-9]+$/.test(value)).map(Number);
      const odd = numbers.find((ms) => ms < RETRY_MS.least || ms > RETRY_MS.most);
      const wanted = `${RETRY_MS.least} to ${RETRY_MS.most} (milliseconds)`;
      if (numbers.length > 0)
        t.judge("ES-FRAME-7", claim(odd === undefined, "retry", wanted, String(odd ?? numbers[0])), exchange);
      else t.unseen("DEPENDENCY_FAILED", "retry is no number (ES-FRAME-6)");
    },
  },
  {
    id: "sse/framing/id-without-nul",
    title: "No id has a NUL, which makes clients ignore it",
    requirements: ["ES-FRAME-8"],
    async run(t) {
      const { blocks, exchange } = await t.watched();
      const ids = blocks
        .flatMap(({ lines }) => lines.filter(({ name }) => name === "id"))
        .map(({ value }) => value);
      if (ids.length === 0) t.notApplicable("the events have no ids");
      const bad = ids.find((id) => id.includes("\0"));
      t.judge(
        "ES-FRAME-8",
        claim(bad === undefined, "ids with U+0000", "none", JSON.stringify(bad ?? "none")),
        exchange,
      );
    },
  },
  {
    id: "sse/framing/last-blank-line",
    title: "The last event of a stream that ends is followed by a blank line",
    requirements: ["ES-FRAME-9"],
    async run(t) {
      const { reader, exchange, hasEnded } = await t.watched();
      if (!hasEnded) t.notApplicable("the server did not end the stream");
      const rest = reader.unfinished;
      const hasData = rest.some(({ name }) => name === "data");
      const got = hasData ? `${rest.length} lines without it: clients drop the last event` : "a blank line";
      t.judge("ES-FRAME-9", claim(!hasData, "the end of the stream", "a blank line", got), exchange);
    },
  },
  {
    id: "sse/framing/prompt-blank-line",
    title: "The blank line comes with its event",
    requirements: ["ES-FRAME-10"],
    async run(t) {
      const { events, exchange, hasEnded } = await t.watched();
      if (exchange.header("content-encoding") !== undefined)
        t.notApplicable("a coded stream does not show its pieces");
      const { late, complete, waitingMs } = blankLinesOf(exchange);
      const isMissing = events.length === 0 && !hasEnded && waitingMs >= MISSING_MS;
      if (events.length === 0 && !isMissing) t.unseen("NEEDS_EVENTS", "no event came");
      const isLate = late >= LATE_EVENTS && late >= complete / 2;
      const got = isMissing
        ? `none in ${(waitingMs / 1000).toFixed(1)} s, so that clients see no event`
        : isLate
          ? `that of ${late} events only before the next event: clients see each event one too late`
          : "one with each event";
      t.judge(
        "ES-FRAME-10",
        claim(!isMissing && !isLate, "blank lines", "one with each event", got),
        exchange,
      );
    },
  },
  {
    id: "sse/framing/written-once",
    title: "The data is a payload, not an event stream itself or what is left of a payload",
    requirements: ["ES-FRAME-11"],
    async run(t) {
      const { events, reader, exchange } = await t.watched();
      const own = events.filter(({ data }) => !OWN_MARK.test(data));
      if (own.length === 0) t.unseen("NEEDS_EVENTS", "no event of the server came");
      const [bad] = reader.badUtf8;
      t.after("ES-FRAME-1", [claim(bad === undefined, "", "", "")]); // its bytes are read as U+FFFD
      const isWrong = [FRAMED, SPOILT].some((pattern) => own.every(({ data }) => pattern.test(data)));
      const got = isWrong ? JSON.stringify(own[0]?.data.slice(0, 60)) : "a payload";
      t.judge("ES-FRAME-11", claim(!isWrong, "the data of every event", "a payload", got), exchange);
    },
  },
];
