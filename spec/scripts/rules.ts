import type { Block } from "./blocks.ts";
import { type Fault, type Line, withoutCode } from "./document.ts";

const KEYWORD =
  /\b(?:MUST(?: NOT)?|SHALL(?: NOT)?|SHOULD(?: NOT)?|MAY(?: NOT)?|REQUIRED|(?:NOT )?RECOMMENDED|OPTIONAL)\b/g;
const LOOKALIKE = /\b(?:must|shall|should|may|recommended|required|optional)\b/gi;

/** Find keywords outside of requirement blocks. */
export function keywordsOutside(file: string, lines: readonly Line[]): readonly Fault[] {
  return lines
    .filter((line) => line.kind === "text" || line.kind === "note")
    .flatMap((line) =>
      [...withoutCode(line.raw).matchAll(KEYWORD)].map(([word]) => ({
        file,
        line: line.number,
        message: `keyword ${word} outside a requirement block`,
      })),
    );
}

/** Find words in normative text that look like keywords but are not. */
export function lookalikes(file: string, lines: readonly Line[]): readonly Fault[] {
  return lines
    .filter((line) => line.kind === "text" || line.kind === "quote")
    .flatMap((line) =>
      [...withoutCode(line.raw).matchAll(LOOKALIKE)]
        .filter(([word]) => word !== word.toUpperCase())
        .map(([word]) => ({
          file,
          line: line.number,
          message: `"${word}" in normative text looks like a keyword: use another word`,
        })),
    );
}

/** Find errors in the sentence of a requirement. */
export function sentenceFaults(file: string, { requirement, line }: Block): readonly Fault[] {
  const { id, level, subject, text } = requirement;
  const plain = withoutCode(text);
  const keywords = [...plain.matchAll(KEYWORD)].map(([word]) => word);
  const actor = /\b(server|client)\b (?:MUST|SHOULD|MAY)\b/.exec(plain)?.[1];
  const messages = [
    keywords.length === 0 && `${id} has no keyword`,
    keywords.length > 1 && `${id} has two duties: ${keywords.join(", ")}`,
    keywords.length === 1 && keywords[0] !== level && `${id} says ${keywords[0]}, but its head says ${level}`,
    /[.!?]\s+\S/.test(plain) && `${id} has two sentences`,
    !plain.endsWith(".") && `${id} does not end with a full stop`,
    actor !== undefined && actor !== subject && `${id} binds the ${actor}, but its head says ${subject}`,
    level.startsWith("SHOULD") && !plain.includes("unless") && `${id} does not say when to deviate`,
  ];
  return messages.filter((message) => message !== false).map((message) => ({ file, line, message }));
}
