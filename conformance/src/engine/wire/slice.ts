import { tokensOf, usedCursors, usedTag } from "./cursor-use.ts";
import type { Exchange } from "./exchange.ts";

/**
 * The exchanges on which an answer depends: its own, all that may have changed something or ran at the same
 * time, and the reads whose cursors these use. In order of their start.
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
    for (const source of sources) if (source) kept.add(source); // the loop visits it too
  }
  return exchanges.filter((exchange) => kept.has(exchange));
}

function isRead({ request: { method } }: Exchange): boolean {
  return method === "GET" || method === "HEAD";
}

/** Whether two exchanges overlap in time. */
function isMeanwhile(one: Exchange, other: Exchange): boolean {
  return one.startedAt <= other.endedAt && other.startedAt <= one.endedAt;
}
