import { Buffer } from "node:buffer";
import { parseReadRequest, type ReadRequest } from "@tidemark/protocol";
import type { Exchange } from "./channel-request.ts";
import { keepNewest } from "./keep-newest.ts";

/** Bounds of what is remembered; together less than a megabyte. */
const MAX_REMEMBERED = 1_024;
const MAX_LENGTH = 512;

const NO_PARAMETERS: ReadRequest = parseReadRequest(new URLSearchParams(), {}, { event: false });

/** Reads parameters; who asks as somebody did shortly before, as readers at the same cursor do, gets what was read then. */
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

/** The bytes of a header field, which Node gives as Latin-1, as the UTF-8 that `EventSource` sends. */
function decode(field: string): string {
  return Buffer.from(field, "latin1").toString("utf8");
}
