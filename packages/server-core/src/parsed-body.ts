import type { IncomingMessage } from "node:http";

/** Where body parsers leave what they read: node's request, and Koa's. */
export interface BodyHolder {
  readonly body?: unknown;
  readonly rawBody?: unknown;
}

/** The warning about numbers was given. */
let warned = false;

/**
 * The bytes of a body that other code read: as they came, if it kept them, else the JSON text of its parsed value.
 * Undefined if what is there cannot be the whole body.
 */
export function parsedBody(req: IncomingMessage, holders: readonly BodyHolder[]): Uint8Array | undefined {
  const all = [...holders, req as BodyHolder];
  const kept = all.flatMap(({ rawBody, body }) => [rawBody, body]).find((one) => isWhole(req, one));
  if (kept !== undefined) return bytesOf(kept);
  for (const { body } of all) {
    const text = jsonOf(req, body);
    if (text === undefined) continue;
    warnOnce();
    return Buffer.from(text);
  }
  return undefined;
}

type Text = string | Uint8Array;

function bytesOf(text: Text): Uint8Array {
  return typeof text === "string" ? Buffer.from(text) : text;
}

/** Whether a value is the text of the body, and not a JSON string in it: it has the length that was announced. */
function isWhole(req: IncomingMessage, value: unknown): value is Text {
  if (typeof value !== "string" && !(value instanceof Uint8Array)) return false;
  const length = announcedLength(req);
  return length === undefined ? value.length > 0 : Buffer.byteLength(value) === length;
}

/** The JSON text of a value that a JSON parser can have made of the body. */
function jsonOf(req: IncomingMessage, value: unknown): string | undefined {
  const isScalar = value === null || typeof value === "string" || typeof value === "number";
  if (!isScalar && typeof value !== "boolean" && !isPlain(value)) return undefined;
  try {
    const text = JSON.stringify(value);
    if (isPlain(value) && text !== "{}") return text;
    // Parsers set `{}` where they have read nothing, and anything else of this kind may have another reason too.
    return announcedLength(req) === Buffer.byteLength(text) ? text : undefined;
  } catch (error) {
    if (error instanceof TypeError) return undefined; // a BigInt, or a circle
    throw error;
  }
}

/** An array, or an object without a class: a stream, a form or a Map is not what the client sent. */
function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
}

function announcedLength(req: IncomingMessage): number | undefined {
  const { "content-length": length } = req.headers;
  return length === undefined ? undefined : Number(length);
}

function warnOnce(): void {
  if (warned) return;
  warned = true;
  process.emitWarning(
    "A body parser read a publish before Tidemark: numbers are what JavaScript makes of them (1e400 and " +
      "12345678901234567890 are not kept). Let Tidemark answer ahead of the body parser to keep the exact text.",
    { code: "TIDEMARK_PARSED_BODY" },
  );
}
