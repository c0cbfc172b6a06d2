import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SERVER = fileURLToPath(new URL("../../../examples/python-server/server.py", import.meta.url));

/** A conforming server, independent of everything else in this repository. */
export interface PythonServer {
  /** The channels' URL with `{channel}`. */
  readonly url: string;
  readonly origin: string;
  close(): Promise<void>;
}

/** Start the example server on a free port. */
export async function pythonServer(args: readonly string[] = []): Promise<PythonServer> {
  const child = spawn(process.env.PYTHON ?? "python3", ["-u", SERVER, "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const origin = await addressOf(child);
  return {
    origin,
    url: `${origin}/channels/{channel}`,
    async close(): Promise<void> {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, "exit");
    },
  };
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("the server has no output");
  for await (const line of createInterface(child.stdout)) {
    const origin = /http:\/\/[^/\s]+/.exec(line)?.[0];
    if (origin !== undefined) {
      child.stdout.resume();
      return origin;
    }
  }
  throw new Error("the server ended without listening");
}
