// Installs the third-party packages that the tests in peers/ import. They have a lock file of their own.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./run-command.mjs";

export const PEERS = fileURLToPath(new URL("../../peers", import.meta.url));

/**
 * Install what `package-lock.json` lists, unless it is installed.
 * @returns {Promise<string | undefined>} why it cannot be installed
 */
export async function installPeers(folder = PEERS) {
  const mark = join(folder, "node_modules/.installed");
  const lock = await readFile(join(folder, "package-lock.json"));
  const wanted = createHash("sha256").update(lock).digest("hex");
  const installed = await readFile(mark, "utf8").catch((error) => {
    if (error.code !== "ENOENT") throw error;
  });
  if (installed === wanted) return;
  console.log(`npm ci in ${folder}`);
  if ((await runCommand("npm", ["ci"], { cwd: folder })) !== 0) return `npm ci failed in ${folder}`;
  await mkdir(dirname(mark), { recursive: true });
  await writeFile(mark, wanted);
}
