import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { MemoryLog } from "@tidemark/log";
import { mechanismsOf, type TidemarkOptions } from "@tidemark/server";
import { serve } from "@tidemark/server-core";
import Koa from "koa";
import type { Parts } from "./parts.ts";

/** Short times, so that what has to be waited for is soon over. */
const QUICK: TidemarkOptions = {
  eventFilter: true,
  sse: { heartbeatS: 2, retryMs: 50 },
  longPolling: { maxWaitS: 4 },
};

/** A server under test. */
export interface Running {
  readonly url: string;
  close(): Promise<void>;
}

/** Start the reference server with some of its parts changed. */
export async function start(parts: Parts = {}): Promise<Running> {
  const { log: wrapLog = same, mechanisms: wrapMechanisms = same, outer = [], socket, memory } = parts;
  const settings: TidemarkOptions = { onError: ignored, ...QUICK, ...parts.options };
  const log = new MemoryLog(memory);
  const app = new Koa();
  app.silent = true; // some fail by design
  for (const middleware of outer) app.use(middleware);
  app.use(serve(wrapLog(log), wrapMechanisms(mechanismsOf(settings)), settings));
  const server = createServer({ noDelay: true }, app.callback());
  if (socket) server.prependListener("connection", socket);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/channels/{channel}`,
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
      await log.dispose();
    },
  };
}

/** What fails inside a mutant is seen by the suite, or not at all. */
function ignored(): void {
  // nothing waits for it
}

function same<T>(value: T): T {
  return value;
}
