import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { bundlePage, PAGE } from "./bundle-page.mjs";
import { fixDeclarations } from "./fix-declarations.mjs";

/**
 * What a compiled package still needs: the generated validators, which are JavaScript, the bundled page of the
 * playground, and declarations for Deno.
 */
export async function finishPackage(folder) {
  const at = (path) => join(folder, path);
  if (existsSync(at("src/generated")))
    await cp(at("src/generated"), at("dist/generated"), { recursive: true });
  if (existsSync(at(PAGE))) await bundlePage(folder, at("dist/playground/page"));
  await fixDeclarations(at("dist"));
}
