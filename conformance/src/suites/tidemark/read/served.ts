import type { Claim } from "../../../engine/model/claim.ts";
import type { Exchange } from "../../../engine/wire/exchange.ts";
import { member, parseJson } from "../../../engine/wire/json.ts";
import { describe } from "./page.ts";
import { EventStream } from "./stream.ts";

/**
 * The answer serves the read: it has messages, or is a stream that has begun. A bare `200` is neither. The
 * other members of a page, and its media type, are for the tests of pages.
 */
export function served(what: string, exchange: Exchange): Claim {
  const stream = new EventStream(exchange);
  const messages = member(parseJson(exchange.text), "messages");
  const ok =
    exchange.status === 200 && (stream.isStream ? stream.blocks.length > 0 : Array.isArray(messages));
  const why =
    !ok && exchange.status === 200 ? (stream.isStream ? " without a block" : " without messages") : "";
  return { ok, what, expected: "200 with a page or a stream", actual: `${describe(exchange)}${why}` };
}

/** The publish succeeded: `200` or `201` with `cursors`. The exact shape is for the test of PUB-DONE-2. */
export function carriedOut(what: string, exchange: Exchange): Claim {
  const told = Array.isArray(member(parseJson(exchange.text), "cursors"));
  const ok = (exchange.status === 200 || exchange.status === 201) && told;
  const why = !told && (exchange.status ?? 300) < 300 ? " without cursors" : "";
  return { ok, what, expected: "200 or 201 with cursors", actual: `${describe(exchange)}${why}` };
}
