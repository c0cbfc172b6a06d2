import { text } from "./bytes.ts";
import type { Exchange } from "./exchange.ts";
import { header } from "./headers.ts";

/** A token that matches the cursor grammar, anywhere in an answer. */
const TOKEN = /[A-Za-z0-9._~-]+/g;

/** The cursors in a request: in its query, its headers and its body. */
export function usedCursors({ request }: Exchange): string[] {
  const body = request.body ? text(request.body) : "";
  return [
    /[?&]after=([^&]+)/.exec(request.target)?.[1],
    header(request.headers, "last-event-id"),
    /"after":"([^"]+)"/.exec(body)?.[1],
  ].filter((cursor): cursor is string => cursor !== undefined && cursor !== "start" && cursor !== "end");
}

/** The tokens of an answer that may be cursors, in order. */
export function tokensOf(exchange: Exchange): readonly string[] {
  return text(exchange.content).match(TOKEN) ?? [];
}

/** The entity tag in a request. */
export function usedTag({ request }: Exchange): string | undefined {
  return header(request.headers, "if-none-match");
}
