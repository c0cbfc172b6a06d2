import { type Json, jsonEqual, parseJson } from "../../../engine/wire/json.ts";

/** A text that occurs in one message only. */
const MARK = /tm[0-9a-f]{6}n\d+y/g;

/** The mark of a message. @param tag six hex digits, the same for the messages of one feed */
export function markOf(tag: string, number: number): string {
  return `tm${tag}n${number}y`;
}

/** The marks in a payload, each once. */
export function marksIn(text: string): readonly string[] {
  return [...new Set(text.match(MARK) ?? [])];
}

/** Whether a payload is the one that was published: the same JSON, or the same text with LF for any line break. */
export function isIntact(got: string, sent: { readonly json: string; readonly text?: string }): boolean {
  const json = parseJson(got);
  if (json !== undefined && jsonEqual(asRead(json), asRead(parseJson(sent.json)))) return true;
  return sent.text !== undefined && unify(got) === unify(sent.text);
}

function unify(text: string): string {
  return text.replace(/\r\n|\r/g, "\n");
}

/** A text with every line break as LF, because a stream of events cannot carry others. */
function asRead(value: Json | undefined): Json | undefined {
  return typeof value === "string" ? unify(value) : value;
}
