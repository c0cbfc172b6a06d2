import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { endWithUs, killed } from "../processes/children.ts";
import { freePort } from "../processes/free-port.ts";

/** An in-memory disk is faster, and a killed process leaves the same files there. */
const BASE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** Where an engine runs: a free loopback port and its own folder. */
export interface EnginePlace {
  readonly folder: string;
  readonly port: number;
}

/** How to start an engine, and the output that shows that it is ready. */
export interface EngineCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly ready: string;
}

/** How often another program may take the port before an engine does. */
const TRIES = 5;

/** Start an engine in a folder and on a port of its own. */
export async function startEngine<Engine extends EngineServer>(
  name: string,
  create: (place: EnginePlace) => Promise<Engine>,
): Promise<Engine> {
  for (let tried = 1; ; tried += 1) {
    const folder = await mkdtemp(join(BASE, `tidemark-${name}-`));
    const engine = await create({ folder, port: await freePort() });
    try {
      await engine.start();
      return engine;
    } catch (error) {
      await engine.stop();
      if (tried === TRIES || !/address already in use/i.test(String(error))) throw error;
    }
  }
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

  /** Start it on the contents of its folder. Resolves when it is ready. */
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

  /** Kill it with SIGKILL. */
  async kill(): Promise<void> {
    if (this.#child) await killed(this.#child);
    this.#child = undefined;
  }

  /** Suspend it, so that it stays connected but silent, or resume it. */
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
