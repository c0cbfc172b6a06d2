import { validatePublish } from "../generated/validate.js";
import { scanJson } from "../json/json-scanner.ts";
import type { JsonPath, JsonText } from "../json/json-text.ts";
import type { RawDraft } from "../pages/message.ts";
import { ProtocolError } from "../problem.ts";
import type { RawPublish, WirePublish } from "./publish.ts";

/** How much a server accepts in one publish. */
export interface PublishLimits {
  /** The deepest nesting of containers in one `data`. @defaultValue 64 */
  readonly maxDepth?: number;
  /** The most messages in one publish. @defaultValue 1000 */
  readonly maxMessages?: number;
}

// Each `data` is inside the body, its `messages` and the message.
const DEPTH_OF_DATA = 3;

/**
 * Parse the body of a publish. The text of each `data` is kept as written, without insignificant white space,
 * so that numbers keep all their digits. Unknown members are ignored.
 *
 * @throws ProtocolError `invalid-body` with a `pointer` to the fault, or `too-large`.
 */
export function parsePublish(bytes: Uint8Array, limits: PublishLimits = {}): RawPublish {
  const { maxDepth = 64, maxMessages = 1000 } = limits;
  const text = decodeUtf8(bytes);
  const body = checkShape(parseJson(text));
  const { messages = [], close = false, after } = body;
  if (messages.length === 0 && !close) throw invalid("", "has no messages and does not close the channel");
  if (messages.length > maxMessages) {
    const detail = `more than ${maxMessages} messages in one publish`;
    throw new ProtocolError("too-large", detail, { members: { limit: maxMessages, unit: "messages" } });
  }
  const texts = scanJson(text, { maxDepth: maxDepth + DEPTH_OF_DATA, isWanted: isData });
  const drafts = texts.map((json, index) => toDraft(messages[index]?.event, json));
  return after === undefined ? { drafts, close } : { drafts, close, after };
}

function toDraft(event: string | undefined, json: JsonText): RawDraft {
  return event === undefined || event === "message" ? { json } : { event, json };
}

function isData(path: JsonPath): boolean {
  return path.length === DEPTH_OF_DATA && path[0] === "messages" && path[2] === "data";
}

// A byte order mark is kept, so the text is then not valid JSON.
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw invalid("", "is not UTF-8", cause);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid("", "is not JSON", cause);
  }
}

function checkShape(body: unknown): WirePublish {
  if (validatePublish(body)) return body;
  const fault = validatePublish.errors?.[0];
  throw invalid(fault?.instancePath ?? "", fault?.message ?? "is malformed");
}

function invalid(pointer: string, what: string, cause?: unknown): ProtocolError {
  const detail = `${pointer || "the body"} ${what}`;
  return new ProtocolError("invalid-body", detail, { members: { pointer }, cause });
}
