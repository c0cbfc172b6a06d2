import { BodyParser } from "../../../engine/wire/body-parser.ts";
import { concat, latin1 } from "../../../engine/wire/bytes.ts";
import { type HeaderLine, type HeaderLines, header } from "../../../engine/wire/headers.ts";

/** A complete request as it arrived. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderLines;
  readonly body: Uint8Array;
}

/** Reads the requests of one connection, one after the other. */
export class RequestReader {
  #rest: Uint8Array = new Uint8Array();

  /** The requests that these bytes complete. */
  push(bytes: Uint8Array): RawRequest[] {
    this.#rest = concat([this.#rest, bytes]);
    const requests: RawRequest[] = [];
    for (let request = this.#take(); request; request = this.#take()) requests.push(request);
    return requests;
  }

  #take(): RawRequest | undefined {
    const raw = latin1(this.#rest);
    const end = raw.indexOf("\r\n\r\n");
    if (end === -1) return undefined;
    const [first = "", ...lines] = raw.slice(0, end).split("\r\n");
    const headers = lines.map(toHeader);
    const taken = takeBody(headers, this.#rest.subarray(end + 4));
    if (!taken) return undefined;
    this.#rest = this.#rest.subarray(end + 4 + taken.length);
    const [method = "", target = ""] = first.split(" ");
    return { method, target, headers, body: taken.body };
  }
}

function toHeader(line: string): HeaderLine {
  const colon = line.indexOf(":");
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

/** The body at the start of the bytes, and its length with its framing; undefined while it is incomplete. */
function takeBody(
  headers: HeaderLines,
  bytes: Uint8Array,
): { readonly body: Uint8Array; readonly length: number } | undefined {
  const length = Number(header(headers, "content-length") ?? 0);
  const chunked = /chunked/i.test(header(headers, "transfer-encoding") ?? "");
  if (!chunked) return bytes.length < length ? undefined : { body: bytes.subarray(0, length), length };
  const parts: Uint8Array[] = [];
  const parser = new BodyParser({ kind: "chunked" }, (part) => parts.push(part.slice()), []);
  for (let at = 0; at < bytes.length; at += 1) {
    parser.push(bytes.subarray(at, at + 1));
    if (parser.complete) return { body: concat(parts), length: at + 1 };
  }
  return undefined;
}
