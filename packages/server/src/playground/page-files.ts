import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

const FILES = [
  ["/", "page.html", "text/html; charset=utf-8"],
  ["/page.js", "page.js", "text/javascript; charset=utf-8"],
  ["/page.css", "page.css", "text/css; charset=utf-8"],
] as const;

/** Beside this module in the published package; in `dist` if this module runs from its source. */
const FOLDERS = ["./page/", "../../dist/playground/page/"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** The files of the page, by their paths. @throws Error if the page is not built */
export async function readPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const folder = FOLDERS.find((each) => existsSync(join(each, "page.js")));
  if (folder === undefined) throw new Error("the playground's page is not built: run `npm run build`");
  const files = FILES.map(
    async ([path, name, type]): Promise<[string, PageFile]> => [
      path,
      { type, body: await readFile(join(folder, name)) },
    ],
  );
  return new Map(await Promise.all(files));
}
