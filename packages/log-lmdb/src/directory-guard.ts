import { spawn } from "node:child_process";
import { once } from "node:events";
import type { FileHandle } from "node:fs/promises";
import type { Server } from "node:net";
import { codeOf, holderOf, inUse, listen } from "./lock-socket.ts";

/** What `flock -n` exits with if another process has the lock. */
const TAKEN = 1;

/**
 * Locks a directory by its inode (Linux): no file that somebody can remove takes part.
 *
 * Two locks, both gone with the process: an abstract socket, which processes of one network namespace share and which
 * tells the holder; and `flock`, which containers that share the directory see too. Where there is no `flock` program,
 * or the file system has no such locks, the socket is the only one.
 */
export class DirectoryGuard {
  readonly #server: Server | undefined;

  private constructor(server: Server | undefined) {
    this.#server = server;
  }

  /** Lock the directory behind `handle`, for as long as it is open. @throws Error that names the holder */
  static async acquire(handle: FileHandle, directory: string): Promise<DirectoryGuard> {
    const { dev, ino } = await handle.stat({ bigint: true });
    const name = `\0tidemark-log-${dev}-${ino}`;
    const server = await listen(name).catch(async (error: unknown) => {
      if (codeOf(error) !== "EADDRINUSE") return undefined; // a sandbox without such sockets has `flock` alone
      throw inUse(directory, (await holderOf(name)) ?? "");
    });
    if (await isFlocked(handle.fd)) return new DirectoryGuard(server);
    server?.close();
    throw inUse(directory, "");
  }

  release(): void {
    this.#server?.close(); // `flock` ends when the caller closes the handle
  }
}

/** Whether this process has the lock, or none can be had. A lock belongs to the open file, not to the program. */
async function isFlocked(fd: number): Promise<boolean> {
  const child = spawn("flock", ["-n", "-x", "3"], { stdio: ["ignore", "ignore", "ignore", fd] });
  return once(child, "close").then(
    ([status]) => status !== TAKEN,
    () => true, // there is no such program, or none may be started
  );
}
