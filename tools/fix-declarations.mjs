import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Rewrite `./x.ts` to `./x.js` in declarations, for Deno. TypeScript does this only in JavaScript. */
export async function fixDeclarations(dist) {
  for (const name of await readdir(dist, { recursive: true })) {
    if (!name.endsWith(".d.ts")) continue;
    const path = join(dist, name);
    const text = await readFile(path, "utf8");
    const fixed = text.replace(/(["'])(\.{1,2}\/[^"']*)\.ts\1/g, "$1$2.js$1");
    if (fixed !== text) await writeFile(path, fixed);
  }
}
