// Bundles the page of `tidemark playground`: code with our clients into one module, and the files beside it.
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

/** Where the page's source is in its package. */
export const PAGE = "src/playground/page";

/** Bundle the page of the package at `folder` into `target`. */
export async function bundlePage(folder, target) {
  await mkdir(target, { recursive: true });
  const { warnings } = await build({
    entryPoints: [join(folder, PAGE, "main.ts")],
    outfile: join(target, "page.js"),
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    conditions: ["source"], // needs no build of the clients
    legalComments: "none",
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join("\n"));
  for (const name of ["page.html", "page.css"]) await copyFile(join(folder, PAGE, name), join(target, name));
}
