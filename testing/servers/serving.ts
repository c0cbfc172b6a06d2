// A server over real HTTP on a free port, for the tests of all server packages.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { ChannelServer } from "@tidemark/server-core";
import { fetchHandler } from "@tidemark/server-core/fetch";
import type { ServerMiddleware } from "@tidemark/server-core/koa";
import Koa from "koa";
import { ShareClock } from "../../tools/runner/share-clock.mjs";
import { listenerOf } from "./node-fetch.ts";

/** A server under test. */
export interface At {
  readonly origin: string;
  /** The URL of a channel, with an encoded query. */
  url(channel: string, query?: string): string;
  /** Failures that were reported to the application. */
  readonly errors: readonly unknown[];
}

/** The ways to a server. */
export const RIMS = ["node", "koa", "fetch"] as const;
export type Rim = (typeof RIMS)[number];

/** The way that the tests use unless they say otherwise. */
export const RIM: Rim = RIMS.find((rim) => rim === process.env.TIDEMARK_RIM) ?? "node";

/** How long a check waits for something that has to happen at once, in milliseconds; only a failure takes this long. */
export const GRACE_MS = 30_000;

/** Answer requests of `node:http` in one of the ways. `failed` is called with failures of the server. */
export function listenerFor(
  middleware: ServerMiddleware,
  rim: Rim = RIM,
  failed?: (error: unknown) => void,
): RequestListener {
  const app = new Koa().use(middleware);
  if (failed !== undefined) app.on("error", failed);
  const koa = app.callback();
  if (rim === "koa") return koa;
  if (rim === "node") return (req, res) => void (middleware.handle(req, res, failed) || koa(req, res));
  const channels = middleware.channels as ChannelServer;
  return listenerOf(fetchHandler(channels, { remoteAddress: (_, address) => address, failed }));
}

/** Run a server until `run` ends. Then check that it holds nothing, whatever `run` left open. */
export async function serving(
  middleware: ServerMiddleware,
  run: (at: At) => Promise<void>,
  rim: Rim = RIM,
): Promise<void> {
  const errors: unknown[] = [];
  const server = createServer(listenerFor(middleware, rim, (error) => errors.push(error)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = (channel: string, query = ""): string =>
    `${origin}/channels/${encodeURIComponent(channel)}${query && `?${query}`}`;
  try {
    await run({ origin, url, errors });
  } finally {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
  await until(() => isIdle(middleware), "nothing is held once all connections are gone");
}

/** Whether the gauges are all at 0. */
export function isIdle(middleware: ServerMiddleware): boolean {
  const { streams, held, feeds } = middleware.stats();
  return streams === 0 && held === 0 && feeds === 0;
}

/** After this many turns of the event loop, wait with timers, to leave the processor to others. */
const TURNS = 100;

/** Wait until `seen` returns true; `what` says for what. */
export async function until(seen: () => boolean, what: string): Promise<void> {
  const clock = new ShareClock();
  for (let turn = 1; !seen(); turn += 1) {
    if (clock.ms > GRACE_MS) throw new Error(`not seen in ${GRACE_MS} ms: ${what}`);
    await new Promise((resolve) => (turn <= TURNS ? setImmediate(resolve) : setTimeout(resolve, 2)));
  }
}
