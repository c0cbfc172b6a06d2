// Which files are tests.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Every `*.test.ts`, `*.test.js` and `*.test.mjs` under a path, sorted; a file is itself. */
export async function findTests(path) {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter(({ name }) => name !== "node_modules" && name !== "dist")
      .map((entry) => {
        const child = join(path, entry.name);
        if (entry.isDirectory()) return findTests(child);
        return /\.test\.(ts|js|mjs)$/.test(entry.name) ? [child] : [];
      }),
  );
  return found.flat().sort();
}
