// What `npm run build` does in a package: compiles it and what it rests on, copies what is generated, and makes
// its declarations fit for Deno. Where tools/build.mjs has just compiled all packages at once, only the last two.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { fixDeclarations } from "./fix-declarations.mjs";

if (process.env.TIDEMARK_COMPILED !== "1") {
  const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
  const { status, error } = spawnSync(process.execPath, [tsc, "-b"], { stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
// TypeScript does not copy the generated validators, which are JavaScript already.
if (existsSync("src/generated")) await cp("src/generated", "dist/generated", { recursive: true });
await fixDeclarations("dist");
