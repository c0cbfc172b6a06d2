import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startNginx } from "../../../examples/cluster/processes.mjs";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { freePort } from "../../../testing/processes/free-port.ts";
import { type ServerNode, startNode } from "../../../testing/servers/server-node.ts";
import { Load, type Outcome } from "./load.ts";

/** Servers on a log, of which something can be killed. */
export interface Rig {
  /** The URL of a channel; a kill does not change it. */
  readonly url: string;
  /** Kill as `kill -9` does, and restart. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** A kill waits for this many more acknowledged messages, so that it happens under load. */
const PROGRESS = 20;
/** After that, a kill waits for up to this many milliseconds, so that it hits any point between syncs and wake-ups. */
const SPREAD_MS = 150;

/** Kill again and again under load, and compare what was published with what readers received. */
export async function killUnderLoad(
  start: () => Promise<Rig>,
  kills: number,
  onKill: (kill: number) => void = () => undefined,
): Promise<Outcome> {
  const rig = await start();
  try {
    const load = new Load(rig.url);
    for (let kill = 1; kill <= kills; kill++) {
      await load.progress(PROGRESS);
      await sleep(Math.random() * SPREAD_MS);
      await rig.kill();
      onKill(kill);
    }
    await load.progress(PROGRESS);
    return await load.finish();
  } finally {
    await rig.stop();
  }
}

/** The rigs for {@link killUnderLoad}, by name. */
export const RIGS: Readonly<Record<string, () => Promise<Rig>>> = {
  "the server, with lmdb": () => serverOnDisk("process"),
  "the server, with lmdb and durability=disk": () => serverOnDisk("disk"),
  "Redis, with appendfsync always": redisBeneath,
  NATS: natsBeneath,
  "a server node, while others live": oneOfMany,
};

/** Retain everything, so that retention causes no gap. */
const KEEP = ["--retain-messages", "10000000", "--retain-bytes", "10000000000", "--heartbeat", "1"];

function serve(port: number, log: string): Promise<ServerNode> {
  return startNode("--port", String(port), "--log", log, ...KEEP);
}

async function serverOnDisk(durability: "process" | "disk"): Promise<Rig> {
  const directory = await mkdtemp(join(tmpdir(), "tidemark-kill-"));
  const [port, log] = [await freePort(), `lmdb:${directory}?durability=${durability}`];
  let node = await serve(port, log);
  return {
    url: node.url("news"),
    async kill() {
      await node.kill();
      node = await serve(port, log);
    },
    async stop() {
      await node.kill();
      await rm(directory, { recursive: true });
    },
  };
}

async function redisBeneath(): Promise<Rig> {
  return serverOn(await RedisServer.start("--appendfsync", "always"));
}

async function natsBeneath(): Promise<Rig> {
  return serverOn(await NatsServer.start());
}

/** A server whose engine is killed. */
async function serverOn(engine: RedisServer | NatsServer): Promise<Rig> {
  const node = await serve(await freePort(), engine.url);
  return {
    url: node.url("news"),
    kill: () => engine.restart(),
    async stop() {
      await node.kill();
      await engine.stop();
    },
  };
}

/** Three nodes behind a load balancer without sticky sessions. */
async function oneOfMany(): Promise<Rig> {
  const redis = await RedisServer.start("--appendfsync", "always");
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const nodes = await Promise.all(ports.map((port) => serve(port, redis.url)));
  const base = await startNginx(ports); // ends with this process
  return {
    url: `${base}/channels/news`,
    async kill() {
      const index = Math.floor(Math.random() * nodes.length);
      await nodes[index]?.kill();
      nodes[index] = await serve(ports[index] ?? 0, redis.url);
    },
    async stop() {
      for (const node of nodes) await node.kill();
      await redis.stop();
    },
  };
}
