import { BodyParser, type Framing } from "./body-parser.ts";
import { latin1 } from "./bytes.ts";
import { type HeaderLine, type HeaderLines, header, listMembers } from "./headers.ts";

/** The status line and the header lines of an answer. */
export interface ResponseHead {
  readonly version: string;
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderLines;
}

/** The longest head that is accepted, to bound memory. */
const MAX_HEAD_BYTES = 256 * 1024;

/**
 * Reads one HTTP/1.x answer in any fragmentation. It tolerates what it can (bare LF, odd letter case, missing
 * reason, close-delimited bodies) and records violations of RFC 9112 in `faults`.
 */
export class ResponseParser {
  head: ResponseHead | undefined;
  readonly faults: string[] = [];
  #pending = "";
  #body: BodyParser | undefined;
  readonly #method: string;
  readonly #onBody: (bytes: Uint8Array) => void;
  readonly #onSurplus: ((bytes: Uint8Array) => void) | undefined;

  /** @param onSurplus gets the bytes of the next answer on the connection; without it, they are a fault */
  constructor(method: string, onBody: (bytes: Uint8Array) => void, onSurplus?: (bytes: Uint8Array) => void) {
    this.#method = method;
    this.#onBody = onBody;
    this.#onSurplus = onSurplus;
  }

  /** The whole answer has been read. */
  get complete(): boolean {
    return this.#body?.complete ?? false;
  }

  /** How the end of the body is marked; undefined before the head has come. */
  framing: Framing["kind"] | undefined;

  /** The bytes are not HTTP, so parsing has stopped. */
  get broken(): boolean {
    return this.head === undefined && this.faults.length > 0;
  }

  push(bytes: Uint8Array): void {
    if (this.#body) {
      this.#body.push(bytes);
    } else if (!this.broken) {
      this.#pending += latin1(bytes);
      this.#readHead();
    }
  }

  /** The peer has closed the connection. */
  end(): void {
    if (this.#body) this.#body.end();
    else if (!this.broken) this.faults.push("the connection ended before a whole head had come");
  }

  #readHead(): void {
    if (this.#pending.length >= 5 && !/^HTTP\//i.test(this.#pending)) {
      this.faults.push("the answer does not begin with HTTP/");
      return;
    }
    const end = /\r?\n\r?\n/.exec(this.#pending);
    if (!end) {
      if (this.#pending.length > MAX_HEAD_BYTES) this.faults.push("the head is longer than 256 KiB");
      return;
    }
    const text = this.#pending.slice(0, end.index);
    const rest = this.#pending.slice(end.index + end[0].length);
    this.#pending = "";
    this.#takeHead(parseHead(text, this.faults), rest);
  }

  #takeHead(head: ResponseHead, rest: string): void {
    const after = Buffer.from(rest, "latin1");
    if (head.status >= 100 && head.status < 200 && head.status !== 101) {
      this.push(after); // an interim answer; the real one follows
      return;
    }
    this.head = head;
    const how = framing(this.#method, head, this.faults);
    this.framing = how.kind;
    this.#body = new BodyParser(how, this.#onBody, this.faults, this.#onSurplus);
    if (after.length > 0) this.#body.push(after);
  }
}

function parseHead(text: string, faults: string[]): ResponseHead {
  const lines = text.split(/\r?\n/);
  const first = lines.shift() ?? "";
  const match = /^HTTP\/(\d(?:\.\d)?) +(\d{3})(?: (.*))?$/i.exec(first);
  if (!match) faults.push(`the status line is malformed: ${JSON.stringify(first.slice(0, 80))}`);
  const headers: HeaderLine[] = [];
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon <= 0) {
      faults.push(`a header line is malformed: ${JSON.stringify(line.slice(0, 80))}`);
      continue;
    }
    headers.push([line.slice(0, colon).trimEnd(), line.slice(colon + 1).trim()]);
  }
  return { version: match?.[1] ?? "", status: Number(match?.[2] ?? 0), reason: match?.[3] ?? "", headers };
}

/** How the length of the body is determined (RFC 9112, section 6.3). */
function framing(method: string, head: ResponseHead, faults: string[]): Framing {
  if (method === "HEAD" || head.status === 204 || head.status === 304) return { kind: "none" };
  const codings = listMembers(header(head.headers, "transfer-encoding"));
  if (codings.includes("chunked")) return { kind: "chunked" };
  const lengths = new Set(listMembers(header(head.headers, "content-length")));
  if (lengths.size > 1) faults.push("two different Content-Length values");
  const [length] = lengths;
  if (length !== undefined && /^\d+$/.test(length)) return { kind: "length", length: Number(length) };
  if (length !== undefined) faults.push(`Content-Length is not a number: ${JSON.stringify(length)}`);
  return { kind: "close" };
}
