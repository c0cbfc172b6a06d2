import type { Block } from "./blocks.ts";
import { type Fault, type Line, withoutCode } from "./document.ts";

const KEYWORD =
  /\b(?:MUST(?: NOT)?|SHALL(?: NOT)?|SHOULD(?: NOT)?|MAY(?: NOT)?|REQUIRED|(?:NOT )?RECOMMENDED|OPTIONAL)\b/g;
const LOOKALIKE = /\b(?:must|shall|should|may|recommended|required|optional)\b/gi;

/** Keywords bind only inside requirement blocks. */
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

/** Words that look like keywords and are none do not stand in text that binds. */
export function lookalikes(file: string, lines: readonly Line[]): readonly Fault[] {
  return lines
    .filter((line) => line.kind === "text" || line.kind === "quote")
    .flatMap((line) =>
      [...withoutCode(line.raw).matchAll(LOOKALIKE)]
        .filter(([word]) => word !== word.toUpperCase())
        .map(([word]) => ({
          file,
          line: line.number,
          message: `"${word}" in normative text is no keyword: use another word`,
        })),
    );
}

/** What is wrong with the sentence of one requirement. */
export function sentenceFaults(file: string, { requirement, line }: Block): readonly Fault[] {
  const { id, level, subject, text } = requirement;
  const plain = withoutCode(text);
  const keywords = [...plain.matchAll(KEYWORD)].map(([word]) => word);
  const actor = /\b(server|client)\b (?:MUST|SHOULD|MAY)\b/.exec(plain)?.[1];
  const messages = [
    keywords.length === 0 && `${id} has no keyword`,
    keywords.length > 1 && `${id} has two duties: ${keywords.join(", ")}`,
    keywords.length === 1 && keywords[0] !== level && `${id} says ${keywords[0]}, its head ${level}`,
    /[.!?]\s+\S/.test(plain) && `${id} has two sentences`,
    !plain.endsWith(".") && `${id} does not end with a full stop`,
    actor !== undefined && actor !== subject && `${id} binds the ${actor}, its head the ${subject}`,
    level.startsWith("SHOULD") && !plain.includes("unless") && `${id} does not say when to deviate`,
  ];
  return messages.filter((message) => message !== false).map((message) => ({ file, line, message }));
}
