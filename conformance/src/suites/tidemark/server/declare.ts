import { type Driver, type DriverContext, DriverError } from "../../../engine/drive/driver.ts";
import { Undecided } from "../../../engine/run/checks.ts";
import type { HttpTarget } from "../../../engine/run/http-context.ts";
import type { Channel } from "../../../engine/wire/channel.ts";
import { Exchange } from "../../../engine/wire/exchange.ts";
import { buildRequest, type RequestInit } from "../../../engine/wire/request.ts";
import { headerLines } from "../../../engine/wire/secrets.ts";

/** How long a declaration may take. */
const LIMIT_MS = 8_000;

/** Declares a channel, once. Rejects with `Undecided` if that fails: the test that needs the channel decides nothing. */
export type Declare = (channel: Channel) => Promise<void>;

/** How to declare channels at a target that knows only declared ones; undefined if the driver cannot. */
export function declaring(
  driver: Driver | undefined,
  { headers, insecure }: Pick<HttpTarget, "headers" | "insecure">,
  signal: AbortSignal,
): Declare | undefined {
  if (!driver?.declare) return undefined;
  const declare = driver.declare.bind(driver);
  const exchangeBare = (init: RequestInit): Promise<Exchange> =>
    new Exchange(buildRequest(init), { insecure }).done(LIMIT_MS);
  const exchange = (init: RequestInit): Promise<Exchange> =>
    exchangeBare({ ...init, headers: [...(init.headers ?? []), ...headerLines(headers)] });
  const context: DriverContext = { exchange, exchangeBare, signal };
  const known = new Map<string, Promise<void>>();
  return (channel) => {
    const declared = known.get(channel.name) ?? declare(channel, context).catch(refuse);
    known.set(channel.name, declared);
    return declared;
  };
}

function refuse(error: unknown): never {
  if (!(error instanceof DriverError)) throw error;
  throw new Undecided("PRECONDITION_FAILED", `a channel cannot be declared: ${error.message}`);
}
