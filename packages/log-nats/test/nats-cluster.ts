import { type ClusterInfo, jetstreamManager } from "@nats-io/jetstream";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { freePort } from "../../../testing/processes/free-port.ts";
import { until } from "../../log/test/steps.ts";
import { connectTo } from "../src/connection.ts";
import { withManager } from "./harness.ts";

const GRACE_MS = 30_000;

/** A cluster of NATS servers that can replicate streams. */
export class NatsCluster {
  readonly servers: readonly NatsServer[];

  private constructor(servers: readonly NatsServer[]) {
    this.servers = servers;
  }

  /** Start `count` servers. Resolves when they have a leader and can create a stream. */
  static async start(count: number): Promise<NatsCluster> {
    const routes = await Promise.all(Array.from({ length: count }, () => freePort()));
    const urls = routes.map((port) => `"nats://127.0.0.1:${port}"`).join(", ");
    const servers = await Promise.all(
      routes.map((port, i) =>
        NatsServer.start(
          `max_payload: 8MB\nserver_name: "n${i}"\ncluster { name: "c", listen: "127.0.0.1:${port}", routes: [${urls}] }`,
        ),
      ),
    );
    const cluster = new NatsCluster(servers);
    await until("a leader", () => cluster.#hasLeader(), GRACE_MS);
    return cluster;
  }

  /** The address of the cluster: all its servers. */
  get address(): readonly string[] {
    return this.servers.map(({ port }) => `127.0.0.1:${port}`);
  }

  /** The server that leads a stream. */
  async leaderOf(stream: string): Promise<NatsServer | undefined> {
    const leader = (await this.#stateOf(stream))?.leader;
    return leader === undefined ? undefined : this.servers[Number(leader.slice(1))];
  }

  async #stateOf(stream: string): Promise<ClusterInfo | undefined> {
    const connection = await connectTo(this.address);
    try {
      return (await (await jetstreamManager(connection)).streams.info(stream)).cluster;
    } finally {
      await connection.close();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  async #hasLeader(): Promise<boolean> {
    const [first] = this.servers;
    if (!first) return false;
    return withManager(first, async (manager) => {
      await manager.streams.add({ name: "probe", subjects: ["probe"], num_replicas: this.servers.length });
      return manager.streams.delete("probe");
    }).catch(() => false);
  }
}
