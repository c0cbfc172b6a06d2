import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { until } from "../../../packages/log/test/steps.ts";
import { withManager } from "../../../packages/log-nats/test/harness.ts";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { freePort } from "../../../testing/processes/free-port.ts";
import { type ServerNode, startNode } from "../../../testing/servers/server-node.ts";

/** A server on a log that can lose data. */
export interface LossyServer {
  readonly url: string;
  /** Lose everything, as after FLUSHALL or with a new disk. */
  loseAll(): Promise<void>;
  /** Take a backup. */
  backUp(): Promise<void>;
  /** Restore the backup; what was stored after it is lost. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

/** Servers on each log, by name. */
export const LOSSY: Readonly<Record<string, () => Promise<LossyServer>>> = {
  lmdb: () => LmdbServer.start(),
  Redis: () => RedisBeneath.start(),
  NATS: () => NatsBeneath.start(),
};

function serve(port: number, log: string): Promise<ServerNode> {
  return startNode("--port", String(port), "--log", log, "--heartbeat", "1");
}

async function replace(folder: string, copy: string): Promise<void> {
  await rm(folder, { recursive: true });
  await cp(copy, folder, { recursive: true });
}

class LmdbServer implements LossyServer {
  readonly #folder: string;
  readonly #port: number;
  #node: ServerNode;

  private constructor(folder: string, port: number, node: ServerNode) {
    this.#folder = folder;
    this.#port = port;
    this.#node = node;
  }

  static async start(): Promise<LmdbServer> {
    const folder = await mkdtemp(join(tmpdir(), "tidemark-loss-"));
    const port = await freePort();
    return new LmdbServer(folder, port, await serve(port, `lmdb:${folder}/log`));
  }

  get url(): string {
    return this.#node.url("news");
  }

  loseAll(): Promise<void> {
    return this.#whileDown(() => rm(`${this.#folder}/log`, { recursive: true }));
  }

  backUp(): Promise<void> {
    return this.#whileDown(() =>
      cp(`${this.#folder}/log`, `${this.#folder}/copy`, { recursive: true, filter: isFile }),
    );
  }

  restore(): Promise<void> {
    return this.#whileDown(() => replace(`${this.#folder}/log`, `${this.#folder}/copy`));
  }

  async stop(): Promise<void> {
    await this.#node.kill();
    await rm(this.#folder, { recursive: true });
  }

  /** The files of lmdb are consistent only while no process has them open. */
  async #whileDown(run: () => Promise<void>): Promise<void> {
    await this.#node.kill();
    await run();
    this.#node = await serve(this.#port, `lmdb:${this.#folder}/log`);
  }
}

/** False for the socket that a killed server leaves behind, which cannot be copied. */
function isFile(path: string): boolean {
  return !/[/\\]lock/.test(path);
}

/** The server keeps running while Redis loses its data. */
class RedisBeneath implements LossyServer {
  readonly url: string;
  readonly #redis: RedisServer;
  readonly #node: ServerNode;
  readonly #copies: string;

  private constructor(redis: RedisServer, node: ServerNode, copies: string) {
    this.url = node.url("news");
    this.#redis = redis;
    this.#node = node;
    this.#copies = copies;
  }

  static async start(): Promise<RedisBeneath> {
    const redis = await RedisServer.start("--appendfsync", "always");
    const copies = await mkdtemp(join(tmpdir(), "tidemark-loss-"));
    return new RedisBeneath(redis, await serve(await freePort(), redis.url), copies);
  }

  async loseAll(): Promise<void> {
    await this.#ask((client) => client.flushall());
  }

  /** The append-only file is consistent after a rewrite, as long as nothing is written. */
  async backUp(): Promise<void> {
    await this.#ask(async (client) => {
      await client.bgrewriteaof();
      const isDone = async (): Promise<boolean> =>
        (await client.info("persistence")).includes("aof_rewrite_in_progress:0");
      await until("the file is rewritten", isDone);
    });
    await cp(this.#redis.folder, join(this.#copies, "copy"), { recursive: true });
  }

  async restore(): Promise<void> {
    await this.#redis.kill();
    await replace(this.#redis.folder, join(this.#copies, "copy"));
    await this.#redis.start();
  }

  async stop(): Promise<void> {
    await this.#node.kill();
    await this.#redis.stop();
    await rm(this.#copies, { recursive: true });
  }

  async #ask(run: (client: Redis) => Promise<unknown>): Promise<void> {
    const client = new Redis(this.#redis.url);
    await run(client).finally(() => client.disconnect());
  }
}

/** The server keeps running while NATS loses its data. */
class NatsBeneath implements LossyServer {
  readonly url: string;
  readonly #nats: NatsServer;
  readonly #node: ServerNode;
  readonly #copies: string;

  private constructor(nats: NatsServer, node: ServerNode, copies: string) {
    this.url = node.url("news");
    this.#nats = nats;
    this.#node = node;
    this.#copies = copies;
  }

  static async start(): Promise<NatsBeneath> {
    const nats = await NatsServer.start();
    const copies = await mkdtemp(join(tmpdir(), "tidemark-loss-"));
    return new NatsBeneath(nats, await serve(await freePort(), nats.url), copies);
  }

  async loseAll(): Promise<void> {
    await withManager(this.#nats, (manager) => manager.streams.purge("tidemark"));
  }

  /** The files of NATS are consistent only while it is stopped. */
  async backUp(): Promise<void> {
    await this.#nats.kill();
    await cp(this.#nats.streams, join(this.#copies, "copy"), { recursive: true });
    await this.#nats.start();
  }

  async restore(): Promise<void> {
    await this.#nats.kill();
    await replace(this.#nats.streams, join(this.#copies, "copy"));
    await this.#nats.start();
  }

  async stop(): Promise<void> {
    await this.#node.kill();
    await this.#nats.stop();
    await rm(this.#copies, { recursive: true });
  }
}
