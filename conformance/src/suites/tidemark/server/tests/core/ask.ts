import { type Channel, withRawQuery } from "../../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../../engine/wire/exchange.ts";
import type { HeaderLines } from "../../../../../engine/wire/headers.ts";
import type { TestContext } from "../../context/context.ts";

/** The `Accept` that a read needs if the target offers only SSE. */
export function accepting(t: TestContext): HeaderLines {
  return t.target.mechanisms.includes("poll") ? [] : [["Accept", "text/event-stream"]];
}

/** Send a query unchanged, and wait for the answer, or for the first block of a stream. */
export async function ask(
  t: TestContext,
  channel: Channel,
  query: string,
  method = "GET",
): Promise<Exchange> {
  const exchange = t.send({ method, url: withRawQuery(channel.url, query), headers: accepting(t) });
  await t.settle(exchange);
  return exchange;
}
