import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Recipe } from "./recipes.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
export const EXAMPLES: string = at("../../examples/frameworks");
const INSTALLED = at("../node_modules");

/** `@tidemark/…` as recipes import it. */
const ENTRIES = {
  "server-fetch/index": at("observed/web.ts"),
  "server-fetch/node": at("observed/node.ts"),
  "log-memory/index": at("../../packages/log-memory/src/index.ts"),
};

/** Copy a recipe into an application of its own, as a user would, with the packages that it imports. */
export async function layOut(recipe: Recipe): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(INSTALLED, ".recipe-"));
  const modules = join(folder, "node_modules");
  await bundle(join(modules, "@tidemark"));
  for (const [name, alias] of Object.entries(recipe.packages)) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(INSTALLED, alias === "" ? name : alias), join(modules, name));
  }
  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  const file = join(folder, recipe.next ?? recipe.file);
  await mkdir(dirname(file), { recursive: true });
  await cp(join(EXAMPLES, recipe.file), file);
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

/** Compile our packages for any runtime, with their shared code in files of its own. */
async function bundle(outdir: string): Promise<void> {
  await build({
    entryPoints: ENTRIES,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    conditions: ["source"],
    outdir,
  });
  for (const [name, exports] of Object.entries({
    "server-fetch": { ".": "./index.js", "./node": "./node.js" },
    "log-memory": { ".": "./index.js" },
  })) {
    const manifest = { name: `@tidemark/${name}`, version: "0.0.0", type: "module", exports };
    await writeFile(join(outdir, name, "package.json"), JSON.stringify(manifest));
  }
  await writeFile(join(outdir, "package.json"), '{ "type": "module" }');
}

/** The installed version of a package in peers/package.json. */
export async function versionOf(name: string): Promise<string> {
  return JSON.parse(await readFile(join(INSTALLED, name, "package.json"), "utf8")).version;
}
