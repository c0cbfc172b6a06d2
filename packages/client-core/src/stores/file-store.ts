import { open, readFile, rename } from "node:fs/promises";
import type { CursorStore } from "./cursor-store.ts";

/**
 * A cursor store in a file, for Node, Deno and Bun. Each save replaces the file atomically: after a crash it
 * holds the old cursor or the new one. Only one process may use the file at a time.
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
