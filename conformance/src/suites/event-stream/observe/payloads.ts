/** A payload that a server has to send as one event. */
export interface Payload {
  /** What is special about it. */
  readonly what: string;
  readonly text: string;
}

/** The text that all parts of a payload contain, so that every event that is made of it can be found. */
const MARK = "@";

/** Payloads whose characters mean something in an event stream. `@` stands for a text that occurs nowhere else. */
const SPECIAL: readonly Payload[] = [
  { what: "plain text", text: "@" },
  { what: "a leading space", text: " @" },
  { what: "a trailing space", text: "@ " },
  { what: "a leading colon", text: ":@" },
  { what: "the name of a field", text: "data: @" },
  { what: "LF", text: "@1\n@2" },
  { what: "a blank line", text: "@1\n\n@2" },
  { what: "LF before a field", text: "@1\nid: @2" },
  { what: "CRLF", text: "@1\r\n@2" },
  { what: "CR", text: "@1\r@2" },
  { what: "CR before a field", text: "@1\rdata: @2" },
  { what: "two CRs", text: "@1\r\rdata: @2" },
  { what: "a line break at the end", text: "@\n" },
  { what: "characters of 2, 3 and 4 bytes", text: "@ ü € 😀 \u2028 \u0085" },
  { what: "characters of HTML", text: `@ <b>&"'@</b>` },
  { what: "16 000 characters of 1 to 4 bytes", text: `@${"aü€😀".repeat(4_000)}` },
];

/** Matches what the suite publishes. */
export const OWN_MARK: RegExp = /tm[0-9a-f]{6}[xn]\d+y/;

/** The payloads of one run: each with a mark of its own. */
export function payloadsFor(run: string): readonly (Payload & { readonly mark: string })[] {
  return SPECIAL.map(({ what, text }, index) => {
    const mark = `tm${run}x${index}y`;
    return { what, mark, text: text.replaceAll(MARK, mark) };
  });
}

/** Whether an event is what an empty payload becomes: as text, or as a string in its JSON. */
export function isEmptyPayload({ data }: { readonly data: string }): boolean {
  return data === "" || stringsIn(data).includes("");
}

/** As a client reads it: every line break is LF. */
export function asRead(text: string): string {
  return text.replace(/\r\n|\r/g, "\n");
}

/** Whether the data of an event is the payload: as text, or as a string somewhere in its JSON. */
export function carries(data: string, text: string): boolean {
  if (data === asRead(text)) return true;
  return stringsIn(data).some((found) => asRead(found) === asRead(text));
}

/** Every string in JSON data; none if it is not JSON. */
function stringsIn(data: string): string[] {
  if (!/^[[{"]/.test(data)) return [];
  try {
    const found: string[] = [];
    JSON.parse(data, (_key, value) => {
      if (typeof value === "string") found.push(value);
      return value;
    });
    return found;
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
