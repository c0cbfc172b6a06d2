import { open, readFile, rename } from "node:fs/promises";
import type { CursorStore } from "./cursor-store.ts";

/**
 * A cursor store in a file, for Node, Deno and Bun. The file is replaced as a whole: a crash leaves the old cursor or
 * the new one. One process may use it at a time.
 */
export function fileStore(path: string): CursorStore {
  return {
    async load() {
      const text = await readFile(path, "utf8").catch(nothingYet);
      return text?.trim() || undefined;
    },
    async save(cursor) {
      const next = `${path}.next`;
      const file = await open(next, "w");
      try {
        await file.writeFile(`${cursor}\n`);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(next, path);
    },
  };
}

function nothingYet(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
