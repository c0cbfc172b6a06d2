import { tokensOf, usedCursors, usedTag } from "./cursor-use.ts";
import type { Exchange } from "./exchange.ts";

/**
 * The exchanges on which an answer depends: itself, all that can have changed something or was under way meanwhile,
 * and the reads from which these have their cursors. In the order in which they were begun.
 */
export function thatMatter(exchanges: readonly Exchange[], blamed: Exchange): Exchange[] {
  const kept = new Set(exchanges.filter((exchange) => !isRead(exchange) || isMeanwhile(exchange, blamed)));
  const answers = exchanges.map((exchange) => ({ exchange, tokens: new Set(tokensOf(exchange)) }));
  for (const exchange of kept) {
    const tag = usedTag(exchange);
    const sources = [
      ...usedCursors(exchange).map((cursor) => answers.find(({ tokens }) => tokens.has(cursor))?.exchange),
      tag === undefined ? undefined : exchanges.find((earlier) => earlier.header("etag") === tag),
    ];
    for (const source of sources) if (source) kept.add(source); // the loop comes to it as well
  }
  return exchanges.filter((exchange) => kept.has(exchange));
}

function isRead({ request: { method } }: Exchange): boolean {
  return method === "GET" || method === "HEAD";
}

/** Whether one was under way while the other was. */
function isMeanwhile(one: Exchange, other: Exchange): boolean {
  return one.startedAt <= other.endedAt && other.startedAt <= one.endedAt;
}
