import { tokensOf, usedCursors } from "./cursor-use.ts";
import type { Exchange } from "./exchange.ts";

/**
 * The exchanges on which an answer depends: itself, all that can have changed something, and the reads from which
 * these have their cursors. In the order in which they were begun.
 */
export function thatMatter(exchanges: readonly Exchange[], blamed: Exchange): Exchange[] {
  const kept = new Set(exchanges.filter((exchange) => exchange === blamed || !isRead(exchange)));
  const answers = exchanges.map((exchange) => ({ exchange, tokens: new Set(tokensOf(exchange)) }));
  for (const exchange of kept)
    for (const cursor of usedCursors(exchange)) {
      const source = answers.find(({ tokens }) => tokens.has(cursor));
      if (source) kept.add(source.exchange); // the loop comes to it as well
    }
  return exchanges.filter((exchange) => kept.has(exchange));
}

function isRead({ request: { method } }: Exchange): boolean {
  return method === "GET" || method === "HEAD";
}
