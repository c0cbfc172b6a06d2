import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureProgram } from "../../tools/ensure.mjs";
import { type EnginePlace, EngineServer, startEngine } from "./engine-server.ts";

/** A real NATS with JetStream on a free loopback port, with its own folder. */
export class NatsServer extends EngineServer {
  /** Start a server. `settings` are lines of its configuration, `limits` of its JetStream section. */
  static async start(settings: string = "max_payload: 8MB", limits: string = ""): Promise<NatsServer> {
    return NatsServer.#startWith(({ folder }) => {
      return `${settings}\njetstream { store_dir: "${join(folder, "streams")}"\n${limits}\n}`;
    });
  }

  /** Start a server without JetStream. */
  static async bare(): Promise<NatsServer> {
    return NatsServer.#startWith(() => "");
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** The folder of its streams. */
  get streams(): string {
    return join(this.folder, "streams");
  }

  static #startWith(settingsAt: (place: EnginePlace) => string): Promise<NatsServer> {
    return startEngine("nats", async (place) => {
      const config = join(place.folder, "nats.conf");
      await writeFile(config, `listen: "127.0.0.1:${place.port}"\n${settingsAt(place)}\n`);
      return new NatsServer(place, {
        program: ensureProgram("nats-server"),
        args: ["-c", config],
        ready: "Server is ready",
      });
    });
  }
}
