import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ensureProgram } from "../../tools/ensure.mjs";

/** A server in a process of its own. */
export interface ServerProcess {
  /** The URL template of its channels, with `{channel}`. */
  readonly url: string;
  close(): Promise<void>;
}

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Start the reference server as its package builds it. */
export function startReference(...options: readonly string[]): Promise<ServerProcess> {
  const serve = [
    at("packages/server/dist/main.js"),
    "serve",
    "--port",
    "0",
    "--log",
    "memory",
    "--allow-remove",
  ];
  return start(process.execPath, [...serve, ...options]);
}

/** Start the independent server in Python. */
export function startPython(...options: readonly string[]): Promise<ServerProcess> {
  return start(ensureProgram("python3"), [at("examples/python-server/server.py"), "--port", "0", ...options]);
}

/** Start a server that prints where it listens. Rejects if it exits first. */
async function start(command: string, args: readonly string[]): Promise<ServerProcess> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(child, "close");
  const url = await new Promise<string>((ready, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      reject(new Error(`${command} exited with ${code} before it was listening`)),
    );
    createInterface(child.stdout).on("line", (line) => {
      const found = /listening on (\S+)/.exec(line)?.[1];
      if (found) ready(found);
    });
  });
  return {
    url,
    async close() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
