import { Buffer } from "node:buffer";
import { access, constants, open, stat } from "node:fs/promises";
import { join } from "node:path";
import { adviceOf } from "./failure.ts";

const MAGIC = 0xbeefc0de;
const MAGIC_AT = 24;

/** lmdb's own lock file. Its size is for the 126 readers that lmdb-js configures. */
const LOCK_FILE = "lock.mdb";
const LOCK_BYTES = 16_384;

/** The data file in the directory of a log. */
export const DATA_FILE = "data.mdb";

/** @throws Error if there is no log in a directory */
export async function assertExists(directory: string): Promise<void> {
  await access(join(directory, DATA_FILE)).catch((cause: unknown) => {
    throw new Error(`There is no log in ${directory}`, { cause });
  });
}

/**
 * Whether an lmdb file exists at the path.
 *
 * @throws Error if the path is something else, which would crash the process when opened
 */
export async function isDataFile(path: string, directory: string): Promise<boolean> {
  const head = await headOf(path);
  if (head === undefined) return false;
  if (head.length === 0)
    throw new Error(`${path} is empty. Restore a copy of it, or delete it to start with an empty log.`);
  const isOurs = head.length === MAGIC_AT + 4 && head.readUInt32LE(MAGIC_AT) === MAGIC;
  if (isOurs) return true;
  throw new Error(
    `${path} is not a log: another program wrote it, or its beginning is damaged. ${adviceOf(directory)}`,
  );
}

/** The first bytes of a file; `undefined` if it does not exist. */
async function headOf(path: string): Promise<Buffer | undefined> {
  const head = Buffer.alloc(MAGIC_AT + 4);
  try {
    if (!(await stat(path)).isFile()) throw new Error(`${path} is not a file`); // opening a pipe would block
    const file = await open(path);
    const { bytesRead } = await file.read(head).finally(() => file.close());
    return head.subarray(0, bytesRead);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Allocate disk blocks for lmdb's lock file, in a directory that no other process has open. lmdb writes to
 * the file through a memory map, and on a full disk that would kill the process with a signal.
 */
export async function allocateLock(directory: string): Promise<void> {
  const file = await open(join(directory, LOCK_FILE), constants.O_RDWR | constants.O_CREAT);
  try {
    await file.writeFile(Buffer.alloc(LOCK_BYTES));
  } finally {
    await file.close();
  }
}
