import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Redis } from "ioredis";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { endWithUs, killed } from "../../../testing/processes/children.ts";
import { freePort } from "../../../testing/processes/free-port.ts";
import { ensureProgram } from "../../../tools/ensure.mjs";
import { until } from "../../log/test/steps.ts";

const NAME = "primary";
const PRIMARY_USER = ["--user", "replica", "on", ">secret", "+psync", "+replconf", "+ping"];
const REPLICA_USER = ["--masteruser", "replica", "--masterauth", "secret"];

/** A primary, a replica, and three Sentinels. */
export class Sentinels {
  readonly primary: RedisServer;
  readonly replica: RedisServer;
  readonly #ports: readonly number[];
  readonly #folder: string;
  readonly #children: readonly ChildProcess[];

  private constructor(
    [primary, replica]: readonly [RedisServer, RedisServer],
    ports: readonly number[],
    folder: string,
    children: readonly ChildProcess[],
  ) {
    this.primary = primary;
    this.replica = replica;
    this.#ports = ports;
    this.#folder = folder;
    this.#children = children;
  }

  static async start(): Promise<Sentinels> {
    const primary = await RedisServer.start(...REPLICA_USER, ...PRIMARY_USER);
    const replica = await RedisServer.start(...REPLICA_USER, "--replicaof", `127.0.0.1 ${primary.port}`);
    const ports = [await freePort(), await freePort(), await freePort()];
    const folder = await mkdtemp(join(tmpdir(), "tidemark-sentinel-"));
    const children = await Promise.all(ports.map((port) => startSentinel(folder, port, primary.port)));
    const all = new Sentinels([primary, replica], ports, folder, children);
    await all.#know();
    return all;
  }

  get url(): string {
    return `redis+sentinel://${this.#ports.map((port) => `127.0.0.1:${port}`).join(",")}/${NAME}`;
  }

  /** Whether the replica has everything that the primary stored. */
  async isReplicated(): Promise<boolean> {
    const client = new Redis(this.primary.url);
    const info = await client.info("replication");
    client.disconnect();
    const [, stored] = /^master_repl_offset:(\d+)/m.exec(info) ?? [];
    const [, replicated] = /^slave0:.*offset=(\d+)/m.exec(info) ?? [];
    return stored !== undefined && stored === replicated;
  }

  /** Stop replication to the replica. */
  async cutReplication(): Promise<void> {
    const client = new Redis(this.primary.url);
    await client.acl("SETUSER", "replica", "off");
    await client.call("CLIENT", "KILL", "TYPE", "replica");
    await until("no replica", async () => (await client.info("replication")).includes("connected_slaves:0"));
    client.disconnect();
  }

  async stop(): Promise<void> {
    for (const child of this.#children) await killed(child);
    await Promise.all([this.primary.stop(), this.replica.stop()]);
    await rm(this.#folder, { recursive: true });
  }

  /** Wait until every Sentinel knows the replica and the two other Sentinels. */
  async #know(): Promise<void> {
    for (const port of this.#ports) {
      const client = new Redis(port, "127.0.0.1");
      const whole = async (): Promise<boolean> =>
        /name=primary,status=ok,.*slaves=1,sentinels=3/.test(await client.info("sentinel"));
      await until("the Sentinels to know each other", whole, 20_000);
      client.disconnect();
    }
  }
}

async function startSentinel(folder: string, port: number, primaryPort: number): Promise<ChildProcess> {
  const file = join(folder, `${port}.conf`);
  const lines = [
    ...[`port ${port}`, "bind 127.0.0.1", `dir ${folder}`],
    ...[
      `sentinel monitor ${NAME} 127.0.0.1 ${primaryPort} 2`,
      `sentinel down-after-milliseconds ${NAME} 500`,
    ],
    ...[`sentinel failover-timeout ${NAME} 5000`],
  ];
  await writeFile(file, `${lines.join("\n")}\n`);
  const child = endWithUs(spawn(ensureProgram("redis-server"), [file, "--sentinel"]));
  for await (const line of createInterface(child.stdout)) {
    if (!line.includes("+monitor master")) continue;
    child.stdout.resume();
    return child;
  }
  throw new Error("a Sentinel exited before it was ready");
}
