import { Buffer } from "node:buffer";
import { parseReadRequest, type ReadRequest } from "@tidemark/protocol";
import type { Exchange } from "./channel-request.ts";
import { keepNewest } from "./keep-newest.ts";

/** Limits of the cache of parsed parameters; together less than a megabyte. */
const MAX_REMEMBERED = 1_024;
const MAX_LENGTH = 512;

const NO_PARAMETERS: ReadRequest = parseReadRequest(new URLSearchParams(), {}, { event: false });

/** Parses the parameters of requests. Equal requests, as from readers at the same cursor, reuse the parsed result. */
export class ReadRequests {
  readonly #offers: { readonly event: boolean };
  readonly #known = new Map<string, ReadRequest>();

  constructor(offers: { readonly event: boolean }) {
    this.#offers = offers;
  }

  /** @throws ProtocolError `invalid-parameter`, `unsupported-parameter` */
  of(exchange: Exchange): ReadRequest {
    const { method, headers, search } = exchange;
    if (method !== "GET" && method !== "HEAD") return NO_PARAMETERS;
    const { accept, "last-event-id": lastEventId } = headers;
    if (lastEventId !== undefined) return this.#parse(exchange, accept, decode(String(lastEventId)));
    const key = accept === undefined ? search : `${search} ${accept}`;
    const known = this.#known.get(key);
    if (known) return known;
    const read = this.#parse(exchange, accept, undefined);
    if (key.length <= MAX_LENGTH) keepNewest(this.#known, MAX_REMEMBERED, key, read);
    return read;
  }

  #parse({ query }: Exchange, accept: string | undefined, lastEventId: string | undefined): ReadRequest {
    return parseReadRequest(query, { accept, lastEventId }, this.#offers);
  }
}

/** Decode a header field as UTF-8, which `EventSource` sends. Node decodes it as Latin-1. */
function decode(field: string): string {
  return Buffer.from(field, "latin1").toString("utf8");
}
