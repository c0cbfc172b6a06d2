import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort } from "../../../testing/processes/free-port.ts";
import { ensureProgram } from "../../../tools/ensure.mjs";

const COMMAND = fileURLToPath(new URL("../../../packages/server/dist/main.js", import.meta.url));

/** A started program and its port. */
export interface Running {
  readonly port: number;
  readonly pid: number;
}

/** A Redis and nodes on it, each a `tidemark serve`; {@link RedisNodes.stop} stops all of them. */
export class RedisNodes {
  readonly #children: ChildProcess[] = [];

  /** Start Redis without persistence. */
  async engine(): Promise<Running> {
    const port = await freePort();
    const options = ["--port", String(port), "--bind", "127.0.0.1", "--appendonly", "no", "--save", ""];
    const child = this.#start(ensureProgram("redis-server"), options);
    await says(child, /Ready to accept/);
    return { port, pid: child.pid ?? 0 };
  }

  async node(engine: Running): Promise<Running> {
    const serve = ["serve", "--port", "0", "--log", `redis://127.0.0.1:${engine.port}`];
    const child = this.#start(process.execPath, ["--expose-gc", COMMAND, ...serve]);
    const [, port] = await says(child, /listening on http:\/\/[^:]+:(\d+)/);
    return { port: Number(port), pid: child.pid ?? 0 };
  }

  stop(): void {
    for (const child of this.#children) child.kill("SIGKILL");
  }

  #start(command: string, args: readonly string[]): ChildProcess {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    this.#children.push(child);
    return child;
  }
}

/** Wait for a line of the output, and discard the rest. */
async function says(child: ChildProcess, text: RegExp): Promise<RegExpExecArray> {
  if (child.stdout === null) throw new Error(`${child.spawnfile} has no output`);
  for await (const line of createInterface(child.stdout)) {
    const found = text.exec(line);
    if (found === null) continue;
    child.stdout.resume();
    return found;
  }
  throw new Error(`${child.spawnfile} ended before it said ${text}`);
}
