import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { httpControl, type RunReport } from "@tidemark/conformance";
import type { LogUnderTest } from "@tidemark/log-contract";
import { startNginx } from "../../../examples/cluster/processes.mjs";
import { lmdbHarness } from "../../../packages/log-lmdb/test/lmdb-harness.ts";
import { natsHarness, natsNode } from "../../../packages/log-nats/test/harness.ts";
import { redisHarness, redisNode } from "../../../packages/log-redis/test/harness.ts";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { reportOn } from "../judge/report.ts";
import type { Running } from "../peer/parts.ts";
import { listen, start } from "../peer/start.ts";

/** Runs of the suite, by name: against servers on each log, with faults on demand. */
export const ON_LOGS: Readonly<Record<string, () => Promise<RunReport>>> = {
  lmdb: async () => alone(await lmdbHarness().create()),
  "lmdb, durability=disk": async () => alone(await lmdbHarness({ durability: "disk" }).create()),
  Redis: () => withRedis(async (redis) => alone(await redisHarness(redis).create())),
  NATS: () => withNats(async (nats) => alone(await natsHarness(nats).create())),
  "three nodes on Redis behind nginx, without sticky sessions": () =>
    withRedis((redis) => {
      const prefix = randomBytes(6).toString("hex");
      return behindNginx(() => redisNode(redis, prefix));
    }),
  "three nodes on NATS behind nginx, without sticky sessions": () =>
    withNats((nats) => {
      const stream = randomBytes(6).toString("hex");
      return behindNginx(() => natsNode(nats, stream));
    }),
};

async function withRedis<T>(run: (redis: RedisServer) => Promise<T>): Promise<T> {
  const redis = await RedisServer.start("--appendfsync", "always");
  return run(redis).finally(() => redis.stop());
}

async function withNats<T>(run: (nats: NatsServer) => Promise<T>): Promise<T> {
  const nats = await NatsServer.start();
  return run(nats).finally(() => nats.stop());
}

async function alone(subject: LogUnderTest): Promise<RunReport> {
  const server = await start({ subject });
  return report(server.url, server.controlUrl).finally(() => server.close());
}

function report(url: string, controlUrl: string): Promise<RunReport> {
  return reportOn({ url, seed: 1, control: httpControl(controlUrl) });
}

async function behindNginx(open: () => Promise<LogUnderTest>): Promise<RunReport> {
  const nodes: Running[] = [];
  for (let node = 0; node < 3; node++) nodes.push(await start({ subject: await open() }));
  const base = await startNginx(nodes.map(({ url }) => Number(new URL(url).port)));
  const control = await startFanOut(nodes.map(({ controlUrl }) => controlUrl));
  try {
    return await report(`${base}/channels/{channel}`, control.url);
  } finally {
    control.close();
    for (const node of nodes) await node.close();
  }
}

/** A control interface that passes each order to every node, one after the other. */
async function startFanOut(controls: readonly string[]): Promise<{ url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    let status = 204;
    for (const control of controls) {
      const init = { method: "POST", body: Buffer.concat(chunks).toString() };
      const answer = await fetch(`${control}${request.url}`, init);
      if (!answer.ok) ({ status } = answer);
    }
    response.writeHead(status).end();
  });
  return { url: await listen(server), close: () => server.close() };
}
