// Starts the programs of an example, each on a free port, and stops all of them at exit.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ensureProgram } from "../tools/ensure.mjs";

/** A folder for their files, removed at exit. */
export const folder = mkdtempSync(join(tmpdir(), "tidemark-example-"));
const living = new Set();

process.once("exit", () => {
  // nginx stops its own workers on SIGTERM.
  for (const child of living) child.kill(child.spawnfile.includes("nginx") ? "SIGTERM" : "SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 }))
  process.once(signal, () => process.exit(code));

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Start a program. Its standard output is read for {@link says}. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], ...options });
  living.add(child);
  child.once("exit", () => living.delete(child));
  return child;
}

/** Wait for a line of the output, and discard the rest. */
export async function says(child, text) {
  for await (const line of createInterface(child.stdout)) {
    if (!line.includes(text)) continue;
    child.stdout.resume();
    return child;
  }
  throw new Error(`${child.spawnfile} ended before it said: ${text}`);
}

/** @param fsync when Redis writes what it was told to the disk: `always` or `everysec` */
export async function startRedis(fsync) {
  const port = await freePort();
  const where = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
  const kept = ["--appendonly", "yes", "--appendfsync", fsync, "--save", ""];
  await says(start(ensureProgram("redis-server"), [...where, ...kept]), "Ready to accept");
  return `redis://127.0.0.1:${port}`;
}
