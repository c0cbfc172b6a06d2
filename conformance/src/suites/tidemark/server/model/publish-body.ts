import { concat, utf8 } from "../../../../engine/wire/bytes.ts";
import { faultyBody } from "./faulty.ts";
import type { Place, PublishSpelling, PublishStep } from "./steps.ts";

/** Turns places into positions, by what the history has seen. */
export type Resolve = (place: Place) => string | undefined;

/** The largest body that every server takes. */
const FULL_BYTES = 65_536;

/** The body of a publish; the same step has the same bytes each time, and steps alike have bodies of equal length. */
export function bodyOf(step: PublishStep, resolve: Resolve): string | Uint8Array {
  const faulty = step.fault && faultyBody(step.fault, step.form ?? 0);
  if (faulty !== undefined) return faulty;
  const { spelled } = step;
  const after = step.after && (resolve(step.after) ?? "start");
  const members = [
    ...(step.count > 0 || !step.close
      ? [`${name("messages", spelled)}:[${messagesOf(step).join(",")}]`]
      : []),
    ...(step.close ? [`${name("close", spelled)}:true`] : spelled === "explicit" ? ['"close":false'] : []),
    ...(after === undefined ? [] : [`${name("after", spelled)}:${JSON.stringify(after)}`]),
    ...(spelled === "extra" ? ['"acme.trace":{"messages":[{"data":1}],"close":true}'] : []),
  ];
  const body = `{${members.join(",")}}`;
  if (spelled === "spaced") return spaced(body);
  return spelled === "full" ? filled(body) : body;
}

function messagesOf(step: PublishStep): readonly string[] {
  const { spelled, events } = step;
  return Array.from({ length: step.count }, (_, index) => {
    const event = events[index % events.length] ?? "message";
    const isNamed = event !== "message" || spelled === "explicit";
    const named = isNamed ? `${name("event", spelled)}:${JSON.stringify(event)},` : "";
    const more = spelled === "extra" ? ',"note":{"event":"$open","data":[null]}' : "";
    return `{${named}${name("data", spelled)}:${dataOf(step, index)}${more}}`;
  });
}

/** A member's name, one letter of which can be written as an escape. */
function name(text: string, spelled: PublishSpelling | undefined): string {
  if (spelled !== "escaped") return `"${text}"`;
  return `"${text.slice(0, 1)}\\u00${text.charCodeAt(1).toString(16)}${text.slice(2)}"`;
}

/** White space around each token. */
function spaced(json: string): string {
  return json.replaceAll(
    /("(?:[^"\\]|\\.)*")|([{}[\],:])/g,
    (_, text?: string, sign?: string) => text ?? ` ${sign}\r\n\t`,
  );
}

/** White space at the end, up to the size that every server takes. */
function filled(json: string): string {
  return json + " ".repeat(Math.max(0, FULL_BYTES - utf8(json).length));
}

/** 31 levels around a number, for an array with one level more. */
const DEEP = `${"[".repeat(31)}1${"]".repeat(31)}`;

/** The JSON text of one message's data, of several kinds. */
export function dataOf({ tag, size }: PublishStep, index: number): string {
  const id = `${tag}.${String(index + 1).padStart(3, "0")}`;
  if (size > SHORT) return JSON.stringify({ id, text: longText(size, tag) });
  const forms = [
    JSON.stringify(id),
    `{"id":"${id}","at":{"":[1,2.50,null,true]}}`,
    `["${id}","line\\nbreak\\u2028 \\u0000 \u{1F30A} data: x"]`,
    `{"id":"${id}","big":9007199254740993,"small":1e-7}`,
    `"${id} $open\\r\\n\\r\\nid: 1"`,
    `["${id}",123456789.123456789123456789e30,1E400,-0.1e-12]`,
    `["${id}",${DEEP}]`,
    `{"${id}":"\u2028\u2029\u00e9\\u00e9\\/\\\\\\"","$id":{},"data":[]}`,
  ];
  return forms[(tag + index) % forms.length] ?? "null";
}

/** The longest data that is one of several kinds. */
const SHORT = 60;

function longText(size: number, tag: number): string {
  const word = tag % 2 === 0 ? "tide " : "t\u00efde \u6f6e\u{1F30A} ";
  return word
    .repeat(Math.ceil(size / word.length))
    .slice(0, size)
    .replace(/[\ud800-\udbff]$/, "");
}

/** The body in chunks of a size at which characters of several bytes are split. */
export function chunked(body: string | Uint8Array): Uint8Array {
  const bytes = typeof body === "string" ? utf8(body) : body;
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const piece = bytes.subarray(at, at + CHUNK_BYTES);
    parts.push(utf8(`${piece.length.toString(16)}\r\n`), piece, utf8("\r\n"));
  }
  return concat([...parts, utf8("0\r\n\r\n")]);
}

const CHUNK_BYTES = 997;
