import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Log } from "@tidemark/log";
import { type LogUnderTest, memoryHarness } from "@tidemark/log/contract";
import { mechanismsOf, type TidemarkOptions } from "@tidemark/server";
import { controlled } from "@tidemark/server/control";
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
  /** Where faults are provoked. */
  readonly controlUrl: string;
  /** Its log, for those who publish past it. */
  readonly log: Log;
  close(): Promise<void>;
}

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

/** Listen on a free port, and answer where. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The log under test, wrapped; what is opened again after a restart is wrapped as well. */
function wrapped(subject: LogUnderTest, wrap: NonNullable<Parts["log"]>): LogUnderTest {
  const { log, trim, restart } = subject;
  return {
    log: wrap(log, false),
    ...(trim && { trim: trim.bind(subject) }),
    ...(restart && { restart: async () => wrap(await restart.call(subject), true) }),
    dispose: () => subject.dispose(),
  };
}

/** What fails inside a mutant is seen by the suite, or not at all. */
function ignored(): void {
  // nothing waits for it
}

function same<T>(value: T): T {
  return value;
}
