import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Make a directory and the ones above it.
 *
 * Node's own `recursive` never returns where the parent exists but takes no entries and answers `ENOENT`, as /proc does.
 *
 * @throws Error `ENOTDIR` if something else has its name, or the reason of the system
 */
export async function makeDirectory(directory: string): Promise<void> {
  const path = resolve(directory);
  if (await made(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeDirectory(parent);
  if (await made(path)) return;
  await mkdir(path); // the parent is there now: this tells what else is wrong
}

/** Whether the directory is there; false if the one above it is missing. */
async function made(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return false;
    // A read-only file system may answer for a directory that exists, too.
    if ((await stat(path).catch(() => undefined))?.isDirectory()) return true;
    if (code !== "EEXIST") throw error;
    throw Object.assign(new Error(`${path} is not a directory`, { cause: error }), { code: "ENOTDIR" });
  }
}
