import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { type FileHandle, link, mkdir, open, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";

const FILE = "lock";
/** The longest path of a socket that every system takes. */
const MAX_PATH_BYTES = 100;
/** How long the holder may take to say who it is; that it is there is known before. */
const GREETING_MS = 500;

/**
 * Sees that one process at a time opens a directory, by a socket in it that the process listens on.
 *
 * The kernel closes it with the process, however that ends; so what a crash leaves is told from a holder that lives,
 * also in another container, where the numbers of processes tell nothing.
 */
export class DirectoryLock {
  readonly #server: Server;
  readonly #folder: Folder;

  private constructor(server: Server, folder: Folder) {
    this.#server = server;
    this.#folder = folder;
  }

  /** Lock a directory, made if it is missing. @throws Error that names the holder, if there is one */
  static async acquire(directory: string): Promise<DirectoryLock> {
    await mkdir(directory, { recursive: true });
    const folder = await Folder.open(directory);
    try {
      const server = await (process.platform === "win32" ? takePipe(folder) : takeSocket(folder));
      return new DirectoryLock(server, folder);
    } catch (error) {
      await folder.close();
      throw error;
    }
  }

  /** A plain file keeps the next number, so that they go on growing and the directory can be copied. */
  async release(): Promise<void> {
    if (process.platform !== "win32") {
      const last = await highest(this.#folder);
      await writeFile(this.#folder.path(nameOf(last + 1)), "");
      await rm(this.#folder.path(nameOf(last)), { force: true });
    }
    this.#server.close();
    await this.#folder.close();
  }
}

/** A directory with paths short enough for sockets. */
class Folder {
  readonly directory: string;
  readonly #handle: FileHandle | undefined;

  private constructor(directory: string, handle: FileHandle | undefined) {
    this.directory = directory;
    this.#handle = handle;
  }

  static async open(directory: string): Promise<Folder> {
    return new Folder(directory, process.platform === "linux" ? await open(directory, "r") : undefined);
  }

  path(name: string): string {
    const path = join(this.directory, name);
    if (Buffer.byteLength(path) <= MAX_PATH_BYTES || process.platform === "win32") return path;
    if (this.#handle) return `/proc/self/fd/${this.#handle.fd}/${name}`;
    throw new Error(`The path of the log is too long for a lock in it: ${this.directory}`);
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }
}

/**
 * Listen under a name of our own, then take the next number: that is one step, and fails if another has it. Numbers
 * only grow, and who has the highest holds the lock; so nobody ever takes away what may be somebody's.
 */
async function takeSocket(folder: Folder): Promise<Server> {
  const own = folder.path(`${FILE}-${randomBytes(4).toString("hex")}`);
  const server = await listen(own);
  try {
    for (;;) {
      const last = await highest(folder);
      const holder = last === 0 ? undefined : await holderOf(folder.path(nameOf(last)));
      if (holder !== undefined) throw inUse(folder.directory, holder);
      if (await holds(folder, own, last + 1)) return server;
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
async function takePipe({ directory }: Folder): Promise<Server> {
  const digest = createHash("sha256")
    .update(await realpath(directory))
    .digest("hex");
  const path = `\\\\.\\pipe\\tidemark-${digest}`;
  return listen(path).catch(async (error: unknown) => {
    const holder = codeOf(error) === "EADDRINUSE" ? await holderOf(path) : undefined;
    throw holder === undefined ? error : inUse(directory, holder);
  });
}

/** Who listens at a path: empty if it does not say, `undefined` if nobody does. */
async function holderOf(path: string): Promise<string | undefined> {
  const socket = createConnection(path);
  try {
    await once(socket, "connect");
    return await greetingOf(socket);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ECONNREFUSED" || code === "ENOENT") return undefined;
    if (code === "EAGAIN") return ""; // its queue is full: it lives
    throw error;
  } finally {
    socket.destroy();
  }
}

async function greetingOf(socket: Socket): Promise<string> {
  const signal = AbortSignal.timeout(GREETING_MS);
  const silence = (): [string] => [""]; // it is busy, or was stopped
  const [data] = await once(socket.setEncoding("utf8"), "data", { signal }).catch(silence);
  return String(data);
}

async function listen(path: string): Promise<Server> {
  const server = createServer((socket) =>
    socket.on("error", () => socket.destroy()).end(String(process.pid)),
  );
  server.listen({ path, exclusive: true });
  await once(server, "listening");
  return server.unref();
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

function inUse(directory: string, holder: string): Error {
  const who = holder === "" ? "another process" : `process ${holder}`;
  return new Error(`The log in ${directory} is in use by ${who}: one process at a time can open it`);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
