import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { LogUnderTest } from "@tidemark/log-contract";
import { memoryHarness } from "@tidemark/log-memory/harness";
import { mechanismsOf, type TidemarkOptions } from "@tidemark/server";
import { controlled } from "@tidemark/server/control";
import Koa from "koa";
import type { Parts, Running } from "./parts.ts";

/** Short times, so that tests do not wait for long. */
const QUICK: TidemarkOptions = {
  eventFilter: true,
  sse: { heartbeatS: 2, retryMs: 50 },
  longPolling: { maxWaitS: 4 },
};

/** Start the reference server with some of its parts changed. */
export async function start(parts: Parts = {}): Promise<Running> {
  const { log: wrapLog = same, mechanisms: wrapMechanisms = same, outer = [], socket } = parts;
  const settings: TidemarkOptions = { onError: ignored, ...QUICK, ...parts.options };
  const bare = parts.subject ?? (await memoryHarness({ durable: true }).create());
  const subject = wrapped(bare, wrapLog);
  const app = new Koa();
  app.silent = true; // some fail by design
  for (const middleware of outer) app.use(middleware);
  app.use(controlled(subject, { ...settings, mechanisms: wrapMechanisms(mechanismsOf(settings)) }));
  const server = createServer({ noDelay: true }, app.callback());
  if (socket) server.prependListener("connection", socket);
  const origin = await listen(server);
  return {
    url: `${origin}/channels/{channel}`,
    controlUrl: `${origin}/control`,
    log: subject.log,
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
      await subject.dispose();
    },
  };
}

/** Listen on a free port; returns the origin. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The log under test with `wrap` applied, also after each restart. */
function wrapped(subject: LogUnderTest, wrap: NonNullable<Parts["log"]>): LogUnderTest {
  const { log, trim, restart } = subject;
  return {
    log: wrap(log, false),
    ...(trim && { trim: trim.bind(subject) }),
    ...(restart && { restart: async () => wrap(await restart.call(subject), true) }),
    dispose: () => subject.dispose(),
  };
}

/** Errors inside a mutant matter only if the suite sees their effect. */
function ignored(): void {
  // Nothing to do.
}

function same<T>(value: T): T {
  return value;
}
