import type { TestContext } from "../../context/context.ts";
import { type Channel, withRawQuery } from "../../run/target.ts";
import type { Exchange } from "../../wire/exchange.ts";
import type { HeaderLines } from "../../wire/headers.ts";

/** What a request for a read has to accept, where the target offers nothing but streams. */
export function accepting(t: TestContext): HeaderLines {
  return t.target.mechanisms.includes("poll") ? [] : [["Accept", "text/event-stream"]];
}

/** Send a query as it is written, and wait for the head; a stream is not waited out. */
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
