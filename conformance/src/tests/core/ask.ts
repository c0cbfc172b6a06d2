import type { TestContext } from "../../context/context.ts";
import { type Channel, withRawQuery } from "../../run/target.ts";
import type { Exchange } from "../../wire/exchange.ts";

/** Send a query as it is written, and wait for the head; a stream is not waited out. */
export async function ask(
  t: TestContext,
  channel: Channel,
  query: string,
  method = "GET",
): Promise<Exchange> {
  const exchange = t.send({ method, url: withRawQuery(channel.url, query) });
  await t.settle(exchange);
  return exchange;
}
