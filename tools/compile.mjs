// `npm run build` in a package: compiles it and its dependencies, copies generated code, and adapts the declarations
// for Deno. Does not compile if tools/build.mjs has just compiled all packages.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { finishPackage } from "./finish-package.mjs";

if (process.env.TIDEMARK_COMPILED !== "1") {
  const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
  const { status, error } = spawnSync(process.execPath, [tsc, "-b"], { stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
await finishPackage(".");
