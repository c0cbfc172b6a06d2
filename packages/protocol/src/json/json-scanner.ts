import { ProtocolError } from "../problem.ts";
import { type JsonPath, toPointer } from "./json-text.ts";

/** What to look for in a scan. */
export interface JsonScanOptions {
  /** The deepest nesting of containers. */
  readonly maxDepth: number;
  /**
   * Whether to return the text of the value at this path. Wanted values must not contain each other. The path
   * is valid only during the call.
   */
  readonly isWanted: (path: JsonPath) => boolean;
}

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

const SPACES = /[ \t\n\r]*/y;
const SCALAR = /[^ \t\n\r,\]}]*/y;
const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/;
const LONE_SURROGATE = /[\uD800-\uDFFF]/u;

/**
 * Return the texts of the wanted values, in order, as written but without insignificant white space. `text`
 * has to be valid JSON. Rejects what JSON allows but I-JSON (RFC 7493) forbids (repeated names, unpaired
 * surrogates), and values that are nested too deeply.
 *
 * @throws ProtocolError `invalid-body` with a `pointer`.
 */
export function scanJson(text: string, options: JsonScanOptions): string[] {
  const scanner = new JsonScanner(text, options);
  scanner.value();
  return scanner.found;
}

/** Walks over text that is known to be valid JSON, so it only has to find where values end. */
class JsonScanner {
  readonly found: string[] = [];
  private readonly text: string;
  private readonly options: JsonScanOptions;
  private readonly path: (string | number)[] = [];
  private at = 0;
  /** The wanted value's text so far, up to `from`, split at white space. */
  private pieces: string[] = [];
  private from = 0;

  constructor(text: string, options: JsonScanOptions) {
    this.text = text;
    this.options = options;
  }

  /** One value and the white space around it. */
  value(): void {
    this.skipSpaces();
    const isWanted = this.options.isWanted(this.path);
    if (isWanted) {
      this.pieces = [];
      this.from = this.at;
    }
    this.anyValue();
    if (isWanted) this.found.push(this.pieces.join("") + this.text.slice(this.from, this.at));
    this.skipSpaces();
  }

  private anyValue(): void {
    const first = this.text.charCodeAt(this.at);
    if (first === BRACE) this.object();
    else if (first === BRACKET) this.array();
    else if (first === QUOTE) this.string();
    else this.at = endOf(SCALAR, this.text, this.at);
  }

  private object(): void {
    const names = new Set<string>();
    for (this.open(); !this.takes(CLOSING_BRACE); this.takes(COMMA)) {
      this.skipSpaces();
      const raw = this.string();
      const name: string = raw.includes("\\") ? JSON.parse(raw) : raw.slice(1, -1);
      this.path.push(name);
      if (names.has(name)) throw this.fault("is repeated");
      names.add(name);
      this.skipSpaces();
      this.at += 1; // the colon
      this.value();
      this.path.pop();
    }
  }

  private array(): void {
    this.open();
    for (let index = 0; !this.takes(CLOSING_BRACKET); index++) {
      this.path.push(index);
      this.value();
      this.path.pop();
      this.takes(COMMA);
    }
  }

  private open(): void {
    if (this.path.length >= this.options.maxDepth) throw this.fault("is nested too deeply");
    this.at += 1;
    this.skipSpaces();
  }

  /** One string as written, including quotes and escapes. */
  private string(): string {
    const { text, at } = this;
    let end = text.indexOf('"', at + 1);
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
    const raw = text.slice(at, end + 1);
    if (ESCAPED_SURROGATE.test(raw) && LONE_SURROGATE.test(JSON.parse(raw)))
      throw this.fault("holds an unpaired surrogate");
    this.at = end + 1;
    return raw;
  }

  private takes(character: number): boolean {
    const isThere = this.text.charCodeAt(this.at) === character;
    if (isThere) this.at += 1;
    return isThere;
  }

  private skipSpaces(): void {
    if (!(this.text.charCodeAt(this.at) <= SPACE)) return;
    this.pieces.push(this.text.slice(this.from, this.at));
    this.at = endOf(SPACES, this.text, this.at);
    this.from = this.at;
  }

  private fault(what: string): ProtocolError {
    const pointer = toPointer(this.path);
    return new ProtocolError("invalid-body", `${pointer || "the body"} ${what}`, { members: { pointer } });
  }
}

/** The end of the sticky pattern's match at `at`. */
function endOf(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  sticky.test(text);
  return sticky.lastIndex;
}

/** Whether a quote is escaped: an odd number of backslashes precedes it. */
function isEscaped(text: string, quote: number): boolean {
  let before = quote - 1;
  while (text.charCodeAt(before) === BACKSLASH) before -= 1;
  return (quote - before) % 2 === 0;
}
