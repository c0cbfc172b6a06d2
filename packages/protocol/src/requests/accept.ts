/** One entry of an `Accept` field: a media range in lower case, without its parameters, and its weight. */
export interface AcceptedRange {
  readonly range: string;
  /** 0 to 1; a malformed weight counts as 1. */
  readonly q: number;
}

const QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** Parse the media ranges of an `Accept` field, in order. Spec: core, "Choice of mechanism". */
export function parseAccept(header: string): AcceptedRange[] {
  return splitOutsideQuotes(header, ",")
    .map(readEntry)
    .filter(({ range }) => range !== "");
}

/** Split at a separator, except inside a quoted string (RFC 9110, 5.6.4), where a backslash quotes the next character. */
function splitOutsideQuotes(text: string, separator: "," | ";"): string[] {
  if (!text.includes('"')) return text.split(separator);
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (quoted && text[at] === "\\") at += 1;
    else if (text[at] === '"') quoted = !quoted;
    else if (text[at] === separator && !quoted) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function readEntry(entry: string): AcceptedRange {
  const [range = "", ...parameters] = splitOutsideQuotes(entry, ";").map((part) => part.trim());
  const weight = parameters.map((parameter) => /^q=(.*)$/i.exec(parameter)?.[1]).find(isPresent);
  return { range: range.toLowerCase(), q: weight !== undefined && QUALITY.test(weight) ? Number(weight) : 1 };
}

function isPresent(text: string | undefined): text is string {
  return text !== undefined;
}

/**
 * Whether a request explicitly prefers Server-Sent Events: it lists `text/event-stream` with q > 0, and does
 * not list `application/json` with a higher weight.
 */
export function prefersEventStream(ranges: readonly AcceptedRange[]): boolean {
  const sse = weightOf(ranges, "text/event-stream");
  return sse > 0 && weightOf(ranges, "application/json") <= sse;
}

const JSON_RANGES: readonly string[] = ["*/*", "application/*", "application/json"];

/** Whether the request accepts JSON: it lists no media range, or one that covers JSON with q > 0. */
export function admitsJson(ranges: readonly AcceptedRange[]): boolean {
  return ranges.length === 0 || ranges.some(({ range, q }) => q > 0 && JSON_RANGES.includes(range));
}

/** The highest weight of a media type listed by name; 0 if it is not listed. */
function weightOf(ranges: readonly AcceptedRange[], name: string): number {
  return Math.max(0, ...ranges.filter(({ range }) => range === name).map(({ q }) => q));
}
