import { spawn } from "node:child_process";
import { once } from "node:events";
import type { FileHandle } from "node:fs/promises";
import type { Server } from "node:net";
import { codeOf, holderOf, inUse, listen } from "./lock-socket.ts";

/** The exit code of `flock -n` if another process holds the lock. */
const TAKEN = 1;

/**
 * Locks a directory by its inode (Linux), so that the lock does not depend on a file that can be deleted.
 *
 * Uses two locks, both released when the process ends: an abstract socket, which identifies the holder but is
 * limited to one network namespace, and `flock`, which also works between containers that share the
 * directory. If there is no `flock` program, or the file system does not support it, the socket is the only
 * lock.
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
      if (codeOf(error) !== "EADDRINUSE") return undefined; // a sandbox without abstract sockets uses `flock` alone
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

/**
 * Whether this process has the lock, or `flock` is not available. The lock belongs to the open file, not the
 * program.
 */
async function isFlocked(fd: number): Promise<boolean> {
  const child = spawn("flock", ["-n", "-x", "3"], { stdio: ["ignore", "ignore", "ignore", fd] });
  return once(child, "close").then(
    ([status]) => status !== TAKEN,
    () => true, // the program does not exist or cannot be started
  );
}
