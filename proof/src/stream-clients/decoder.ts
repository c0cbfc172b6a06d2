import type { Quirk } from "./quirks.ts";

/** An event of a stream. */
export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

const MARK = "\ufeff";
const SEPARATORS = "\u000b\u000c\u0085\u2028\u2029";
const SMALL = 100_000;

/** Reads a stream character by character, as WHATWG HTML prescribes, except for its quirk. */
export class Decoder {
  readonly #quirk: Quirk | undefined;
  readonly #deliver: (event: StreamEvent) => void;
  #bytes = new TextDecoder("utf-8", { ignoreBOM: true });
  #isFirst = true;
  #endedWithCr = false;
  #isWaiting = false;
  #line = "";
  #data: string[] = [];
  #name = "";
  #isNamed = false;
  #id: string | undefined;
  #behind: StreamEvent | undefined;
  /** The last event id; the next stream continues with it. */
  lastId: string;
  retryMs: number | undefined;

  constructor(lastId: string, deliver: (event: StreamEvent) => void, quirk?: Quirk) {
    this.lastId = lastId;
    this.#deliver = deliver;
    this.#quirk = quirk;
  }

  push(chunk: Uint8Array): void {
    if (this.#quirk === "crlf-twice") this.#endedWithCr = false;
    for (const character of this.#textOf(chunk)) this.#take(character);
  }

  /** The stream has ended. */
  end(): void {
    this.#id = undefined;
    if (this.#quirk === "delivers-an-unfinished-line" && this.#line !== "") {
      this.#field(this.#line);
      this.#dispatch();
    }
    if (this.#quirk === "delivers-an-unfinished-block" && this.#line === "") this.#dispatch();
  }

  #textOf(chunk: Uint8Array): string {
    const stream = this.#quirk !== "utf-8-by-chunk";
    let text =
      this.#quirk === "latin-1"
        ? Buffer.from(chunk).toString("latin1")
        : this.#bytes.decode(chunk, { stream });
    if (this.#quirk === "malformed-bytes-vanish") text = text.replaceAll("\ufffd", "");
    if (this.#quirk === "drops-every-mark") return text.replaceAll(MARK, "");
    if (this.#isFirst && text !== "") {
      this.#isFirst = false;
      if (text.startsWith(MARK) && this.#quirk !== "keeps-the-mark") return text.slice(1);
    }
    return text;
  }

  #take(character: string): void {
    const endedWithCr = this.#endedWithCr;
    this.#endedWithCr = false;
    if (this.#isWaiting) {
      this.#isWaiting = false;
      this.#endLine();
      if (character === "\n") return;
    } else if (character === "\n" && endedWithCr) return;
    if (character === "\n") {
      if (this.#quirk === "no-lone-cr" && this.#line.endsWith("\r")) this.#line = this.#line.slice(0, -1);
      this.#endLine();
    } else if (character === "\r" && this.#quirk !== "lf-only" && this.#quirk !== "no-lone-cr") {
      if (this.#quirk === "waits-after-a-cr") this.#isWaiting = true;
      else {
        this.#endedWithCr = true;
        this.#endLine();
      }
    } else if (this.#quirk === "unicode-line-ends" && SEPARATORS.includes(character)) this.#endLine();
    else this.#line += character;
  }

  #endLine(): void {
    const line = this.#line;
    this.#line = "";
    if (line === "") this.#dispatch();
    else if (!line.startsWith(":")) this.#field(line);
    else if (this.#quirk === "comments-are-blank-lines") this.#dispatch();
  }

  #field(line: string): void {
    const colon = this.#quirk === "last-colon" ? line.lastIndexOf(":") : line.indexOf(":");
    if (colon === -1 && this.#quirk === "needs-a-colon") return;
    const value = colon === -1 ? "" : this.#valueOf(line.slice(colon + 1));
    const name = this.#nameOf(colon === -1 ? line : line.slice(0, colon));
    if (name === "data") this.#data = this.#quirk === "last-data-line" ? [value] : [...this.#data, value];
    this.#isNamed ||= name === "event";
    if (name === "event" && !(this.#quirk === "first-name" && this.#name !== "")) this.#name = value;
    if (name === "id") this.#takeId(value, colon === -1);
    if (name === "retry" && (/^[0-9]+$/.test(value) || this.#quirk === "parses-any-retry"))
      this.retryMs = Math.abs(Number.parseFloat(value)) || this.retryMs;
  }

  #valueOf(text: string): string {
    if (this.#quirk === "trims-values") return text.replace(/^[ \t]+|[ \t]+$/g, "");
    if (this.#quirk === "drops-all-spaces") return text.replace(/^ +/, "");
    if (this.#quirk === "drops-a-tab") return text.replace(/^[ \t]/, "");
    return text.startsWith(" ") ? text.slice(1) : text;
  }

  #nameOf(name: string): string {
    if (this.#quirk === "names-in-any-case") return name.toLowerCase();
    if (this.#quirk === "names-with-spaces") return name.replaceAll(" ", "");
    if (this.#quirk === "names-by-prefix" && name.startsWith("data")) return "data";
    return name;
  }

  #takeId(value: string, isWithoutColon: boolean): void {
    if (value.includes("\0") && this.#quirk !== "accepts-nul-ids") return;
    if (value === "" && this.#quirk === "ignores-empty-ids") return;
    if (isWithoutColon && this.#quirk === "ignores-ids-without-colon") return;
    this.#id = value.replaceAll("\0", "");
    if (this.#quirk === "ids-count-at-once") this.lastId = this.#id;
  }

  #dispatch(): void {
    const data = this.#data;
    const counts = this.#quirk !== "ids-need-data" || data.length > 0;
    if (this.#id !== undefined && counts) this.lastId = this.#id;
    else if (this.#quirk === "forgets-id-without-id" && data.length > 0) this.lastId = "";
    if (counts) this.#id = undefined;
    const isEmpty = data.length === 0 && this.#quirk !== "delivers-without-data";
    const name = this.#name;
    const isNamed = this.#isNamed && this.#quirk === "empty-name-counts";
    this.#isNamed = false;
    this.#data = [];
    if (!(this.#quirk === "names-stay" || (isEmpty && this.#quirk === "keeps-names-without-data")))
      this.#name = "";
    if (isEmpty || (data.length === 0 && name === "")) return;
    this.#hand({
      event: name === "" && !isNamed ? "message" : name,
      data: data.join(this.#quirk === "joins-by-a-space" ? " " : "\n"),
    });
  }

  #hand(event: StreamEvent): void {
    if (this.#quirk === "no-empty-data" && event.data === "") return;
    if (this.#quirk === "small-events-only" && event.data.length > SMALL) return;
    if (this.#quirk === "only-json" && !isJson(event.data)) return;
    const held = this.#behind;
    this.#behind = this.#quirk === "one-event-behind" ? event : undefined;
    if (held !== undefined) this.#deliver(held);
    if (this.#behind === undefined) this.#deliver(event);
  }

  /** Deliver the event that is held back. */
  flush(): void {
    if (this.#behind !== undefined) this.#deliver(this.#behind);
    this.#behind = undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return !/^[[{]/.test(text);
  }
}
