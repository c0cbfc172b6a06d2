import { Redis } from "ioredis";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { until } from "../../log/test/steps.ts";
import type { ClusterAddress } from "../src/address.ts";

const SLOTS = 16_384;

/** A cluster of primaries without replicas. */
export class RedisCluster {
  readonly nodes: readonly RedisServer[];

  private constructor(nodes: readonly RedisServer[]) {
    this.nodes = nodes;
  }

  static async start(size: number): Promise<RedisCluster> {
    const starting = Array.from({ length: size }, () => RedisServer.start("--cluster-enabled", "yes"));
    const cluster = new RedisCluster(await Promise.all(starting));
    await cluster.#join();
    return cluster;
  }

  get address(): ClusterAddress {
    return { nodes: this.nodes.map(({ port }) => ({ host: "127.0.0.1", port })) };
  }

  async stop(): Promise<void> {
    for (const node of this.nodes) await node.stop();
  }

  async #join(): Promise<void> {
    const clients = this.nodes.map(({ url }) => new Redis(url));
    const share = Math.ceil(SLOTS / clients.length);
    for (const [index, client] of clients.entries()) {
      const last = Math.min(SLOTS, (index + 1) * share) - 1;
      await client.cluster("ADDSLOTSRANGE", index * share, last);
      for (const { port } of this.nodes) await client.cluster("MEET", "127.0.0.1", port);
    }
    const isWhole = async (client: Redis): Promise<boolean> =>
      /cluster_state:ok/.test(String(await client.cluster("INFO"))) &&
      String(await client.cluster("NODES"))
        .trim()
        .split("\n").length === clients.length;
    for (const client of clients) await until("the cluster to be complete", () => isWhole(client));
    for (const client of clients) client.disconnect();
  }
}
