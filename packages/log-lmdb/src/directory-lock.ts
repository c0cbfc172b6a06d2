import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { type FileHandle, link, open, readdir, realpath, rm, writeFile } from "node:fs/promises";
import type { Server } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ProtocolError } from "@tidemark/protocol";
import { DirectoryGuard } from "./directory-guard.ts";
import { codeOf, holderOf, inUse, listen } from "./lock-socket.ts";
import { makeDirectory } from "./make-directory.ts";
import { DATA_FILE } from "./store/data-file.ts";

const FILE = "lock";
/** The longest socket path that every system accepts. */
const MAX_PATH_BYTES = 100;
/**
 * How long to wait for the current transaction of a holder whose lock was removed; only if a directory
 * cannot be locked by its inode.
 */
const SETTLE_MS = 2_000;

/**
 * Lets one process at a time open a directory. The holder listens on a socket in the directory.
 *
 * The kernel closes the socket when the process ends in any way, which distinguishes a crashed holder from a
 * live one, also in another container, where process ids mean nothing. On Linux the directory itself is
 * locked too, see {@link DirectoryGuard}: a second process is kept out even if the lock files are removed.
 */
export class DirectoryLock {
  readonly #hold: Hold;
  readonly #folder: Folder;
  readonly #guard: DirectoryGuard | undefined;
  /** The inodes of the lock and, once it exists, the data file. A write requires both to be unchanged. */
  readonly #inodes = new Map<string, number>();
  #lost = false;

  private constructor(hold: Hold, folder: Folder, guard: DirectoryGuard | undefined) {
    this.#hold = hold;
    this.#folder = folder;
    this.#guard = guard;
    if (hold.path !== undefined) this.watch(hold.path);
    held.add(this);
  }

  /**
   * Lock a directory, creating it if needed.
   *
   * @throws Error that names the holder, or says why no file can be created there
   */
  static async acquire(directory: string): Promise<DirectoryLock> {
    await makeDirectory(directory);
    const folder = await Folder.open(directory);
    let guard: DirectoryGuard | undefined;
    try {
      guard = folder.handle && (await DirectoryGuard.acquire(folder.handle, directory));
      const take = process.platform === "win32" ? takePipe(folder) : takeSocket(folder, guard !== undefined);
      return new DirectoryLock(await take, folder, guard);
    } catch (error) {
      guard?.release();
      await folder.close();
      throw error;
    }
  }

  /** Make {@link assertHeld} also require that this file keeps its inode. */
  watch(path: string): void {
    const inode = inodeOf(path);
    if (inode !== undefined) this.#inodes.set(path, inode);
  }

  /** @throws ProtocolError `unavailable`, once the lock or the data file was removed or replaced */
  assertHeld(): void {
    if (!this.#lost) {
      for (const [path, inode] of this.#inodes) if (inodeOf(path) !== inode) this.#lost = true;
    }
    if (!this.#lost) return;
    throw new ProtocolError(
      "unavailable",
      `The lock or the data file in ${this.#folder.directory} was removed or replaced while the log was open: ` +
        "the log accepts no more writes. Restart this process.",
    );
  }

  /** Leave a plain file with the next number: numbers keep growing, and the directory can be copied. */
  async release(): Promise<void> {
    if (this.#hold.path !== undefined && inodeOf(this.#hold.path) === this.#inodes.get(this.#hold.path)) {
      const last = await highest(this.#folder);
      await writeFile(this.#folder.path(nameOf(last + 1)), "");
      await rm(this.#folder.path(nameOf(last)), { force: true });
    }
    this.#hold.server.close();
    this.#guard?.release();
    held.delete(this);
    await this.#folder.close();
  }
}

/** Keeps unreferenced locks alive: their open files must not be garbage-collected. */
const held = new Set<DirectoryLock>();

/** The socket that the process listens on, and its path if it is a file. */
interface Hold {
  readonly server: Server;
  readonly path?: string;
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** A directory with paths short enough for sockets. */
class Folder {
  readonly directory: string;
  /** On Linux only. */
  readonly handle: FileHandle | undefined;

  private constructor(directory: string, handle: FileHandle | undefined) {
    this.directory = directory;
    this.handle = handle;
  }

  static async open(directory: string): Promise<Folder> {
    return new Folder(directory, process.platform === "linux" ? await open(directory, "r") : undefined);
  }

  path(name: string): string {
    const path = join(this.directory, name);
    if (Buffer.byteLength(path) <= MAX_PATH_BYTES || process.platform === "win32") return path;
    if (this.handle) return `/proc/self/fd/${this.handle.fd}/${name}`;
    throw new Error(`The log's path is too long for a lock socket; use a shorter path: ${this.directory}`);
  }

  async close(): Promise<void> {
    await this.handle?.close();
  }
}

/**
 * Listen on a socket with a unique name, then link it to the next number. Linking is atomic, and fails if the
 * number is taken. Numbers only grow, and the highest number holds the lock, so no process ever removes
 * another's lock.
 */
async function takeSocket(folder: Folder, isGuarded: boolean): Promise<Hold> {
  const own = folder.path(`${FILE}-${randomBytes(4).toString("hex")}`);
  const server = await listen(own);
  try {
    for (;;) {
      const last = await highest(folder);
      const holder = last === 0 ? undefined : await holderOf(folder.path(nameOf(last)));
      if (holder !== undefined) throw inUse(folder.directory, holder);
      if (last === 0 && !isGuarded && hasData(folder)) await delay(SETTLE_MS);
      if (await holds(folder, own, last + 1)) return { server, path: folder.path(nameOf(last + 1)) };
    }
  } catch (error) {
    server.close();
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/** Take a number. If a higher one was taken meanwhile, give it back; otherwise remove the lower ones. */
async function holds(folder: Folder, own: string, number: number): Promise<boolean> {
  if (!(await linked(own, folder.path(nameOf(number))))) return false;
  const last = await highest(folder);
  const useless = last > number ? [number] : (await numbers(folder)).filter((other) => other < number);
  for (const other of useless) await rm(folder.path(nameOf(other)), { force: true });
  return last === number;
}

function nameOf(number: number): string {
  return `${FILE}.${number}`;
}

async function numbers(folder: Folder): Promise<number[]> {
  const names = await readdir(folder.directory);
  return names.flatMap((name) => (/^lock\.\d+$/.test(name) ? [Number(name.slice(FILE.length + 1))] : []));
}

async function highest(folder: Folder): Promise<number> {
  return Math.max(0, ...(await numbers(folder)));
}

/** Windows: a named pipe is unique, and disappears with its process. */
async function takePipe({ directory }: Folder): Promise<Hold> {
  const digest = createHash("sha256")
    .update(await realpath(directory))
    .digest("hex");
  const path = `\\\\.\\pipe\\tidemark-${digest}`;
  const server = await listen(path).catch(async (error: unknown) => {
    const holder = codeOf(error) === "EADDRINUSE" ? await holderOf(path) : undefined;
    throw holder === undefined ? error : inUse(directory, holder);
  });
  return { server };
}

function hasData(folder: Folder): boolean {
  return inodeOf(folder.path(DATA_FILE)) !== undefined;
}

function linked(from: string, to: string): Promise<boolean> {
  return unless("EEXIST", link(from, to));
}

/** True if `done` resolves, false if it fails with `code`; other errors are rethrown. */
async function unless(code: string, done: Promise<void>): Promise<boolean> {
  try {
    await done;
    return true;
  } catch (error) {
    if (codeOf(error) === code) return false;
    throw error;
  }
}
