import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ensureProgram } from "../../../tools/ensure.mjs";
import { endWithUs, killed } from "../../log/test/children.ts";
import { freePort } from "../../log/test/free-port.ts";

/** What a killed process leaves behind is the same on a disk in memory, and quicker there. */
const BASE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A real NATS with JetStream on a free port of the loopback, in a folder of its own. */
export class NatsServer {
  readonly folder: string;
  readonly port: number;
  readonly #config: string;
  #child: ChildProcess | undefined;

  private constructor(folder: string, port: number, settings: string) {
    this.folder = folder;
    this.port = port;
    this.#config = `listen: "127.0.0.1:${port}"\n${settings}\n`;
  }

  /** Start one; `settings` are lines of its configuration, and `limits` those of its JetStream. */
  static async start(settings: string = "max_payload: 8MB", limits: string = ""): Promise<NatsServer> {
    const folder = await mkdtemp(join(BASE, "tidemark-nats-"));
    const jetStream = `jetstream { store_dir: "${join(folder, "streams")}"\n${limits}\n}`;
    return NatsServer.#startIn(folder, `${settings}\n${jetStream}`);
  }

  /** Start one without JetStream. */
  static async bare(): Promise<NatsServer> {
    return NatsServer.#startIn(await mkdtemp(join(BASE, "tidemark-nats-")), "");
  }

  static async #startIn(folder: string, settings: string): Promise<NatsServer> {
    const server = new NatsServer(folder, await freePort(), settings);
    await server.start();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** The folder of its streams. */
  get streams(): string {
    return join(this.folder, "streams");
  }

  /** Start it on what is in its folder; resolves when it takes commands. */
  async start(): Promise<void> {
    const config = join(this.folder, "nats.conf");
    await writeFile(config, this.#config);
    const child = endWithUs(
      spawn(ensureProgram("nats-server"), ["-c", config], { stdio: ["ignore", "ignore", "pipe"] }),
    );
    this.#child = child;
    const said: string[] = [];
    for await (const line of createInterface(child.stderr)) {
      said.push(line);
      if (line.includes("Server is ready")) {
        child.stderr.resume();
        return;
      }
    }
    throw new Error(`nats-server did not start:\n${said.join("\n")}`);
  }

  /** End it as `kill -9` does. */
  async kill(): Promise<void> {
    if (this.#child) await killed(this.#child);
    this.#child = undefined;
  }

  /** Hold it up, or let it go on: it is there, and says nothing. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.#child?.kill(signal);
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}
