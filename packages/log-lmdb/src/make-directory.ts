import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Create a directory and its parents.
 *
 * Node's own `recursive` never returns if the parent exists but reports `ENOENT` for new entries, as /proc
 * does.
 *
 * @throws Error `ENOTDIR` if the path is not a directory, or another system error
 */
export async function makeDirectory(directory: string): Promise<void> {
  const path = resolve(directory);
  if (await made(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeDirectory(parent);
  if (await made(path)) return;
  await mkdir(path); // the parent exists now, so an error here has another cause
}

/** Create one directory. True if it exists then; false if its parent is missing. */
async function made(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return false;
    // A read-only file system may report an error even if the directory exists.
    if ((await stat(path).catch(() => undefined))?.isDirectory()) return true;
    if (code !== "EEXIST") throw error;
    throw Object.assign(new Error(`${path} is not a directory`, { cause: error }), { code: "ENOTDIR" });
  }
}
