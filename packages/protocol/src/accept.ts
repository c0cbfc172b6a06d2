/** One entry of an `Accept` field: a media range without its parameters, lower-case, and its weight. */
export interface AcceptedRange {
  readonly range: string;
  /** 0 to 1; a malformed weight counts as 1. */
  readonly q: number;
}

const QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** The media ranges that an `Accept` field lists, in its order. Spec: core, "Choice of mechanism". */
export function parseAccept(header: string): AcceptedRange[] {
  return header
    .split(",")
    .map(readEntry)
    .filter(({ range }) => range !== "");
}

function readEntry(entry: string): AcceptedRange {
  const [range = "", ...parameters] = entry.split(";").map((part) => part.trim());
  const weight = parameters.map((parameter) => /^q=(.*)$/i.exec(parameter)?.[1]).find(isPresent);
  return { range: range.toLowerCase(), q: weight !== undefined && QUALITY.test(weight) ? Number(weight) : 1 };
}

function isPresent(text: string | undefined): text is string {
  return text !== undefined;
}

/** Whether a request asks for Server-Sent Events by name: `text/event-stream` with q > 0, and no JSON by name above it. */
export function prefersEventStream(ranges: readonly AcceptedRange[]): boolean {
  const sse = weightOf(ranges, "text/event-stream");
  return sse > 0 && weightOf(ranges, "application/json") <= sse;
}

const JSON_RANGES: readonly string[] = ["*/*", "application/*", "application/json"];

/** Whether JSON is an answer to the request: nothing is listed, or a range that covers JSON has q > 0. */
export function admitsJson(ranges: readonly AcceptedRange[]): boolean {
  return ranges.length === 0 || ranges.some(({ range, q }) => q > 0 && JSON_RANGES.includes(range));
}

/** The highest weight of a media type that is listed by name; 0 if it is not. */
function weightOf(ranges: readonly AcceptedRange[], name: string): number {
  return Math.max(0, ...ranges.filter(({ range }) => range === name).map(({ q }) => q));
}
