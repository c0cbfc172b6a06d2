import { setMaxListeners } from "node:events";
import { NoVerdict, type RunTools } from "../../engine/run/suite.ts";
import { describeAnswer } from "../../engine/wire/describe.ts";
import { Exchange } from "../../engine/wire/exchange.ts";
import { buildRequest } from "../../engine/wire/request.ts";
import { headerLines } from "../../engine/wire/secrets.ts";
import type { Delivery } from "./delivery.ts";
import { MECHANISMS, type Mechanism } from "./dialect/dialect.ts";
import { type Looked, lookAtSteady } from "./observe/steady.ts";
import type { DeliveryOptions } from "./options.ts";
import type { Sender } from "./read/reader.ts";
import type { Target } from "./target.ts";

/** The most bytes that the suite reads of one response. */
export const MAX_BYTES: number = 64 * 1_048_576;

/** Find out what the server offers: publish a few messages, and read them by each mechanism. @throws {NoVerdict} */
export async function discover(options: DeliveryOptions, tools: RunTools): Promise<Delivery> {
  setMaxListeners(0, tools.signal); // one listener for each request
  const target = targetOf(options, tools);
  const { dialect } = target;
  if (!dialect.publish && !target.driver)
    throw new NoVerdict("the dialect does not say how to publish: pass --publish");
  const wanted = options.mechanisms ?? MECHANISMS;
  const mechanisms = MECHANISMS.filter((one) => dialect[one] !== undefined && wanted.includes(one));
  if (mechanisms.length === 0) throw new NoVerdict(`the dialect has no ${wanted.join(" and no ")}`);
  const looked = await lookAtSteady(target, senderOf(options, target, tools.signal), mechanisms);
  if (tools.signal.aborted) throw new NoVerdict("interrupted before the end");
  const offered = mechanisms.filter((mechanism) => looked.steady.has(mechanism));
  if (looked.refused !== undefined) throw new NoVerdict(`nothing can be published: ${looked.refused}`);
  // A server that gave positions is the right one, even if it does not deliver.
  const isAlive = (one: Mechanism): boolean => {
    const { delivers = false, readers = [] } = looked.steady.get(one) ?? {};
    return delivers || readers.some(({ reached }) => reached.length > 0);
  };
  if (!offered.some(isAlive)) throw new NoVerdict(nothingCame(mechanisms, looked));
  return { target, offered, steady: looked.steady, turn: { last: Promise.resolve() } };
}

function nothingCame(mechanisms: readonly Mechanism[], { steady, missing }: Looked): string {
  const seen = mechanisms.map((mechanism) => {
    const status = missing.get(mechanism);
    if (status !== undefined) return `${mechanism} → ${status}`;
    const { refusedBy, readers = [] } = steady.get(mechanism) ?? {};
    const exchange = refusedBy ?? readers[0]?.exchange;
    return `${mechanism} → ${exchange ? describeAnswer(exchange) : "no response"}`;
  });
  return `no message that was published reached a reader (${seen.join("; ")}): look at the URL and at the dialect`;
}

function targetOf(options: DeliveryOptions, { redact, id }: RunTools): Target {
  const { url, dialect: loaded, headers = [], insecure = false, control } = options;
  const { dialect, interpreter } = loaded;
  const driver = options.driver ?? loaded.driver;
  return {
    base: url,
    dialect,
    interpreter,
    driver,
    payload: options.payload ?? dialect.payload ?? "json",
    promises: { ...dialect.promises, ...options.promises },
    control,
    limitMs: options.limitMs,
    kinds: new WeakMap(),
    run: id,
    headers,
    otherHeaders: [...(driver?.secrets ?? []), ...(control?.secrets ?? [])],
    redact,
    insecure,
  };
}

/** Sends requests that belong to no test. */
export function senderOf(
  { headers = [], insecure = false }: DeliveryOptions,
  target: Target,
  signal: AbortSignal,
): Sender {
  return {
    signal,
    send(init, kind) {
      const given = new Set((init.headers ?? []).map(([name]) => name.toLowerCase()));
      const extra = headerLines(headers).filter(([name]) => !given.has(name.toLowerCase()));
      const request = buildRequest({ ...init, headers: [...(init.headers ?? []), ...extra] });
      const exchange = new Exchange(request, { insecure, maxBytes: MAX_BYTES });
      signal.addEventListener("abort", () => exchange.abort(), { once: true });
      target.kinds.set(exchange, kind);
      return exchange;
    },
  };
}
