import { type Driver, type DriverContext, DriverError, publishBody } from "../../../engine/drive/driver.ts";
import type { Channel } from "../../../engine/wire/channel.ts";
import type { HeaderLine } from "../../../engine/wire/headers.ts";
import { describe } from "../read/page.ts";

const JSON_TYPE: HeaderLine = ["Content-Type", "application/json"];

/** Publishes by the protocol's own `POST`. It needs no configuration if the server claims `publish`. */
export const protocolDriver: Driver = {
  name: "protocol",
  async publish(channel, drafts, context) {
    await post(channel, publishBody(drafts), "publish", context);
  },
  async close(channel, context) {
    await post(channel, '{"close":true}', "close", context);
  },
  async remove(channel, context) {
    const exchange = await context.exchange({ method: "DELETE", url: channel.url });
    if (exchange.status === 405) return false;
    if (exchange.status !== 204) throw new DriverError(`DELETE was answered with ${describe(exchange)}`);
    return true;
  },
};

async function post(channel: Channel, body: string, what: string, context: DriverContext): Promise<void> {
  const exchange = await context.exchange({ method: "POST", url: channel.url, headers: [JSON_TYPE], body });
  if (exchange.status === 200 || exchange.status === 201) return;
  throw new DriverError(`the POST to ${what} was answered with ${describe(exchange)}`);
}
