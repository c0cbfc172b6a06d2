import type { Exchange } from "./exchange.ts";
import { mediaType } from "./headers.ts";
import { member, parseJson } from "./json.ts";

/** An answer in a few words: its status, media type and problem, or how the exchange ended without one. */
export function describeAnswer(exchange: Exchange): string {
  if (exchange.status === undefined && exchange.ending === "limit" && exchange.received.length > 0)
    return "no answer: the bytes that came are not an HTTP/1.1 head";
  if (exchange.status === undefined)
    return `no answer: ${endings[exchange.ending ?? "open"] ?? "still open"}`;
  const isChunkedForNobody = exchange.request.version === "1.0" && exchange.framing === "chunked";
  const chunks = isChunkedForNobody ? "in chunks, which a client of HTTP/1.0 cannot read" : undefined;
  const parts = [exchange.status, mediaType(exchange.headers), problemType(exchange), chunks];
  return parts.filter((part) => part !== undefined && part !== "").join(" ");
}

const endings: Readonly<Record<string, string>> = {
  complete: "complete",
  cut: "the server closed the connection",
  reset: "the connection was reset",
  limit: "nothing came within the limit",
  aborted: "the suite dropped the connection",
  "no-connection": "no connection",
};

/** The `type` of the problem in an answer (RFC 9457), if there is one. */
export function problemType(exchange: Exchange): string | undefined {
  if (exchange.status === undefined || exchange.status < 400) return undefined;
  const type = member(parseJson(exchange.text), "type");
  return typeof type !== "string" || type === "about:blank" ? undefined : type;
}
