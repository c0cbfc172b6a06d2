import type { IncomingMessage } from "node:http";

/** An object on which body parsers store the body: Node's request or Koa's. */
export interface BodyHolder {
  readonly body?: unknown;
  readonly rawBody?: unknown;
}

/** Whether the warning about numbers was given. */
let warned = false;

/**
 * The bytes of a body that other code has read: the original bytes if they were kept, else the JSON text of the parsed
 * value. Undefined if neither can be the whole body.
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

/** Whether a value is the text of the body, not a JSON string in it: its length equals `Content-Length`. */
function isWhole(req: IncomingMessage, value: unknown): value is Text {
  if (typeof value !== "string" && !(value instanceof Uint8Array)) return false;
  const length = announcedLength(req);
  return length === undefined ? value.length > 0 : Buffer.byteLength(value) === length;
}

/** The JSON text of a value, if a JSON parser can have made that value from the body. */
function jsonOf(req: IncomingMessage, value: unknown): string | undefined {
  const isScalar = value === null || typeof value === "string" || typeof value === "number";
  if (!isScalar && typeof value !== "boolean" && !isPlain(value)) return undefined;
  try {
    const text = JSON.stringify(value);
    if (isPlain(value) && text !== "{}") return text;
    // Parsers set `{}` if they have read nothing, and a scalar can be there for other reasons too.
    return announcedLength(req) === Buffer.byteLength(text) ? text : undefined;
  } catch (error) {
    if (error instanceof TypeError) return undefined; // a BigInt or a circular reference
    throw error;
  }
}

/** Whether a value is an array or a plain object. A stream, a form or a Map is not what the client sent. */
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
    "A body parser read a publish before Tidemark, so numbers that JavaScript cannot represent are changed " +
      "(1e400 and 12345678901234567890, for example). To keep the exact text, let Tidemark answer before the body parser.",
    { code: "TIDEMARK_PARSED_BODY" },
  );
}
