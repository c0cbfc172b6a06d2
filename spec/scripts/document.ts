/** An error at a place in the specification. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** The kind of a line: normative text, a quoted block, informative text, or code. */
export type LineKind = "text" | "quote" | "note" | "code";

/** One line of a chapter. */
export interface Line {
  readonly number: number;
  readonly kind: LineKind;
  readonly raw: string;
}

const FENCE = /^\s*```/;
const NOTE = /^\*Note:\*/;
const HEADING = /^#+ /;

/**
 * Classify every line of a chapter. A note ends at the next empty line, an informative section at the next heading of
 * any level.
 */
export function readLines(markdown: string): readonly Line[] {
  let inCode = false;
  let inNote = false;
  let informative = false;
  return markdown.split("\n").map((raw, index) => {
    const fence = FENCE.test(raw);
    const code = inCode || fence;
    if (fence) inCode = !inCode;
    if (!code && HEADING.test(raw)) informative = raw.endsWith("(informative)");
    if (raw.trim() === "") inNote = false;
    else if (!code && NOTE.test(raw)) inNote = true;
    return { number: index + 1, kind: kindOf(raw, code, inNote || informative), raw };
  });
}

function kindOf(raw: string, code: boolean, note: boolean): LineKind {
  if (code) return "code";
  if (note) return "note";
  return raw.startsWith(">") ? "quote" : "text";
}

/** The line without its inline code, in which keywords do not count. */
export function withoutCode(text: string): string {
  return text.replace(/`[^`]*`/g, "``");
}
