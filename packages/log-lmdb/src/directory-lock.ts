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
/** The longest path of a socket that every system takes. */
const MAX_PATH_BYTES = 100;
/**
 * How long a holder may go on with the transaction that it was in when its lock was removed; only where a directory
 * cannot be locked by its inode.
 */
const SETTLE_MS = 2_000;

/**
 * Lets one process at a time open a directory, by a socket in it that the process listens on.
 *
 * The kernel closes it with the process, however that ends; so what a crash leaves is told from a holder that lives,
 * also in another container, where the numbers of processes tell nothing. On Linux the directory itself is locked too,
 * see {@link DirectoryGuard}: a second process stays out even if the files of the lock are removed.
 */
export class DirectoryLock {
  readonly #hold: Hold;
  readonly #folder: Folder;
  readonly #guard: DirectoryGuard | undefined;
  /** The file of the data, once there is one, and the lock: a write needs both in their places. */
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
   * Lock a directory, made if it is missing.
   *
   * @throws Error that names the holder, if there is one, or tells why no file can be made there
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

  /** From now on {@link assertHeld} also needs this file, of the present inode. */
  watch(path: string): void {
    const inode = inodeOf(path);
    if (inode !== undefined) this.#inodes.set(path, inode);
  }

  /** @throws ProtocolError `unavailable`, from the removal of the lock or of the data on */
  assertHeld(): void {
    if (!this.#lost) {
      for (const [path, inode] of this.#inodes) if (inodeOf(path) !== inode) this.#lost = true;
    }
    if (!this.#lost) return;
    throw new ProtocolError(
      "unavailable",
      `The lock or the data file in ${this.#folder.directory} was removed or replaced while the log is open: ` +
        "nothing is written any more. End this process, and start it again.",
    );
  }

  /** A plain file keeps the next number, so that they go on growing and the directory can be copied. */
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

/** A lock whose log nobody refers to any more is a lock all the same: its open files must not be collected. */
const held = new Set<DirectoryLock>();

/** The socket that a process listens on, and its path where it is a file. */
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
    throw new Error(`The path of the log is too long for a lock in it: ${this.directory}`);
  }

  async close(): Promise<void> {
    await this.handle?.close();
  }
}

/**
 * Listen under a name of our own, then take the next number: that is one step, and fails if another has it. Numbers
 * only grow, and who has the highest holds the lock; so nobody ever takes away what may be somebody's.
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

/** Take a number; given back if a higher one was taken meanwhile, else the lower ones are of no use any more. */
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

/** Windows: a named pipe is gone with its process, and there are no two of one name. */
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

/** Whether it was done; `code` says it was not, and every other failure stays one. */
async function unless(code: string, done: Promise<void>): Promise<boolean> {
  try {
    await done;
    return true;
  } catch (error) {
    if (codeOf(error) === code) return false;
    throw error;
  }
}
