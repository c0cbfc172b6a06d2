import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureProgram } from "../../tools/ensure.mjs";
import { type EnginePlace, EngineServer, enginePlace } from "./engine-server.ts";

/** A real NATS with JetStream on a free loopback port, with its own folder. */
export class NatsServer extends EngineServer {
  /** Start a server. `settings` are lines of its configuration, `limits` of its JetStream section. */
  static async start(settings: string = "max_payload: 8MB", limits: string = ""): Promise<NatsServer> {
    const place = await enginePlace("nats");
    const jetStream = `jetstream { store_dir: "${join(place.folder, "streams")}"\n${limits}\n}`;
    return NatsServer.#startAt(place, `${settings}\n${jetStream}`);
  }

  /** Start a server without JetStream. */
  static async bare(): Promise<NatsServer> {
    return NatsServer.#startAt(await enginePlace("nats"), "");
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** The folder of its streams. */
  get streams(): string {
    return join(this.folder, "streams");
  }

  static async #startAt(place: EnginePlace, settings: string): Promise<NatsServer> {
    const config = join(place.folder, "nats.conf");
    await writeFile(config, `listen: "127.0.0.1:${place.port}"\n${settings}\n`);
    const command = { program: ensureProgram("nats-server"), args: ["-c", config], ready: "Server is ready" };
    const server = new NatsServer(place, command);
    await server.start();
    return server;
  }
}
