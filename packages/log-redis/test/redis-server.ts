import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ensureProgram } from "../../../tools/ensure.mjs";
import { endWithUs, killed } from "../../log/test/children.ts";
import { freePort } from "../../log/test/free-port.ts";

/** What a killed process leaves behind is the same on a disk in memory, and quicker there. */
const BASE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A real Redis on a free port of the loopback, in a folder of its own, with an append-only file. */
export class RedisServer {
  readonly folder: string;
  readonly port: number;
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(folder: string, port: number, args: readonly string[]) {
    this.folder = folder;
    this.port = port;
    this.#args = args;
  }

  /** Start one; `args` are options as on Redis' command line. */
  static async start(...args: readonly string[]): Promise<RedisServer> {
    const folder = await mkdtemp(join(BASE, "tidemark-redis-"));
    const server = new RedisServer(folder, await freePort(), args);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Start it on what is in its folder; resolves when it takes commands. */
  async start(): Promise<void> {
    const { port, folder } = this;
    const fixed = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
    const kept = ["--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"];
    const child = endWithUs(spawn(ensureProgram("redis-server"), [...fixed, ...kept, ...this.#args]));
    this.#child = child;
    const said: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      said.push(line);
      if (line.includes("Ready to accept connections")) {
        child.stdout.resume();
        return;
      }
    }
    throw new Error(`redis-server did not start:\n${said.join("\n")}`);
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
