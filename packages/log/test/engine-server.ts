import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { endWithUs, killed } from "./children.ts";
import { freePort } from "./free-port.ts";

/** What a killed process leaves behind is the same on a disk in memory, and quicker there. */
const BASE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** Where an engine runs: a free port of the loopback, and a folder of its own. */
export interface EnginePlace {
  readonly folder: string;
  readonly port: number;
}

/** How an engine is started, and what it says once it takes commands. */
export interface EngineCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly ready: string;
}

export async function enginePlace(name: string): Promise<EnginePlace> {
  return { folder: await mkdtemp(join(BASE, `tidemark-${name}-`)), port: await freePort() };
}

/** The process of a real engine. */
export class EngineServer {
  readonly folder: string;
  readonly port: number;
  readonly #command: EngineCommand;
  #child: ChildProcess | undefined;

  protected constructor({ folder, port }: EnginePlace, command: EngineCommand) {
    this.folder = folder;
    this.port = port;
    this.#command = command;
  }

  /** Start it on what is in its folder; resolves when it takes commands. */
  async start(): Promise<void> {
    const { program, args, ready } = this.#command;
    const child = endWithUs(spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] }));
    this.#child = child;
    const output = new PassThrough();
    child.stdout.pipe(output, { end: false });
    child.stderr.pipe(output, { end: false });
    child.once("close", () => output.end());
    const said: string[] = [];
    for await (const line of createInterface(output)) {
      said.push(line);
      if (!line.includes(ready)) continue;
      output.resume();
      return;
    }
    throw new Error(`${program} did not start:\n${said.join("\n")}`);
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
