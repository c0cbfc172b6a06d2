import type { Channel } from "../wire/channel.ts";
import { describeAnswer } from "../wire/describe.ts";
import type { Exchange } from "../wire/exchange.ts";
import type { HeaderLine } from "../wire/headers.ts";
import { type ExtraHeader, headerLines } from "../wire/secrets.ts";
import {
  type Control,
  type ControlChannel,
  type ControlRequests,
  type Fault,
  NotOffered,
} from "./control.ts";
import { type DriverContext, DriverError } from "./driver.ts";

const JSON_TYPE: HeaderLine = ["Content-Type", "application/json"];

/** Statuses that mean that an endpoint does not exist. */
const ABSENT: readonly (number | undefined)[] = [404, 405, 501];

/** Provokes faults by the control interface at a URL: `POST {base}/trim`, `/drop`, `/restart` and `/deny`. */
export function httpControl(base: string, headers: readonly ExtraHeader[] = []): Control {
  const send = <F extends Fault>(
    fault: F,
    body: ControlRequests[F],
    context: DriverContext,
  ): Promise<Exchange> =>
    context.exchangeBare({
      method: "POST",
      url: `${base.replace(/\/$/, "")}/${fault}`,
      headers: [JSON_TYPE, ...headerLines(headers)],
      body: JSON.stringify(body),
    });
  const done = async <F extends Fault>(
    fault: F,
    body: ControlRequests[F],
    context: DriverContext,
  ): Promise<void> => assertDone(fault, await send(fault, body, context));
  return {
    name: "http",
    secrets: headers,
    trim: (channel, keep, context) => done("trim", { ...named(channel), keep }, context),
    drop: (channel, how, context) => done("drop", { ...named(channel), how }, context),
    deny: (channel, denial, context) => done("deny", { ...named(channel), denial }, context),
    async restart(context) {
      const exchange = await send("restart", {}, context);
      // The answer may be lost when the server stops.
      if (exchange.status !== undefined || exchange.ending === "limit") assertDone("restart", exchange);
    },
  };
}

function named({ name, url }: Channel): ControlChannel {
  return { channel: name, url };
}

function assertDone(fault: Fault, exchange: Exchange): void {
  if (ABSENT.includes(exchange.status))
    throw new NotOffered(`the control interface does not offer ${fault}: ${describeAnswer(exchange)}`);
  if (exchange.status === undefined || exchange.status < 200 || exchange.status > 299)
    throw new DriverError(`the control interface answered ${fault} with ${describeAnswer(exchange)}`);
}
