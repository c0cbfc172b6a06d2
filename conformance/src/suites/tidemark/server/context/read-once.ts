import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { type Channel, withQuery } from "../target.ts";
import type { TestContext } from "./context.ts";
import type { Way } from "./log.ts";

/** Make one read from a cursor, and wait for the answer or the first block. */
export async function readOnce(
  t: TestContext,
  channel: Channel,
  way: Way,
  cursor: string,
  query: Readonly<Record<string, string>> = {},
): Promise<Exchange> {
  const position = way === "sse-header" ? {} : { after: cursor };
  const mechanism = way === "poll" ? {} : way === "long-poll" ? { wait: 2 } : { stream: 1 };
  const exchange = t.send({
    url: withQuery(channel.url, { ...query, ...position, ...mechanism }),
    headers: way === "sse-header" ? [["Last-Event-ID", cursor]] : [],
  });
  return t.settle(exchange);
}
