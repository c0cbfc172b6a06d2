import { ensureProgram } from "../../tools/ensure.mjs";
import { EngineServer, startEngine } from "./engine-server.ts";

/** A real Redis on a free loopback port, with its own folder and an append-only file. */
export class RedisServer extends EngineServer {
  /** Start a server. `args` are command-line options of Redis. */
  static async start(...args: readonly string[]): Promise<RedisServer> {
    return startEngine("redis", async (place) => {
      const fixed = ["--port", String(place.port), "--bind", "127.0.0.1", "--dir", place.folder];
      const kept = ["--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"];
      return new RedisServer(place, {
        program: ensureProgram("redis-server"),
        args: [...fixed, ...kept, ...args],
        ready: "Ready to accept connections",
      });
    });
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }
}
