import { Buffer } from "node:buffer";
import type { ReadRequest } from "@tidemark/protocol";
import type { Mechanism, Offers } from "../mechanism.ts";
import type { ChannelRequest } from "../request/channel-request.ts";
import { keepNewest } from "./keep-newest.ts";

/** Limits of the cache of parsed parameters; together less than a megabyte. */
const MAX_REMEMBERED = 1_024;
const MAX_LENGTH = 512;

/** Parses the parameters of requests. Equal requests, as from readers at the same cursor, reuse the parsed result. */
export class ReadRequests {
  readonly #parse: NonNullable<Mechanism["parse"]>;
  readonly #offers: Offers;
  readonly #known = new Map<string, ReadRequest>();

  constructor(parse: NonNullable<Mechanism["parse"]>, offers: Offers) {
    this.#parse = parse;
    this.#offers = offers;
  }

  /** @throws ProtocolError `invalid-parameter`, `unsupported-parameter` */
  of(request: ChannelRequest): ReadRequest {
    const { headers, search } = request;
    const { accept, "last-event-id": lastEventId } = headers;
    if (lastEventId !== undefined)
      return this.#parse(request.query, { accept, lastEventId: decode(String(lastEventId)) }, this.#offers);
    const key = accept === undefined ? search : `${search} ${accept}`;
    const known = this.#known.get(key);
    if (known) return known;
    const read = this.#parse(request.query, { accept, lastEventId: undefined }, this.#offers);
    if (key.length <= MAX_LENGTH) keepNewest(this.#known, MAX_REMEMBERED, key, read);
    return read;
  }
}

/** Decode a header field as UTF-8, which `EventSource` sends. Node decodes it as Latin-1. */
function decode(field: string): string {
  return Buffer.from(field, "latin1").toString("utf8");
}
