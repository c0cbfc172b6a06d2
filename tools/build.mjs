// `npm run build`. One run of TypeScript's native compiler checks and compiles all packages. Turbo's tasks then find the
// compiled code, finish what each package ships, and cache it.
//   --no-check      does not check types
//   --compile-only  finishes the packages itself, because turbo would start two processes for each
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { finishPackage } from "./finish-package.mjs";

const cwd = fileURLToPath(new URL("..", import.meta.url));
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", TIDEMARK_COMPILED: "1" };
const OWN = ["--no-check", "--compile-only"];
const words = process.argv.slice(2);
const steps = [
  [process.execPath, "tools/copy-ledger.mjs"],
  [
    "node_modules/.bin/tsgo",
    "-b",
    "tsconfig.build.json",
    ...(words.includes("--no-check") ? ["--noCheck"] : []),
  ],
];
if (!words.includes("--compile-only"))
  steps.push([
    ...["node_modules/.bin/turbo", "run", "build", "--output-logs=errors-only"],
    ...words.filter((word) => !OWN.includes(word)),
  ]);
for (const [command, ...args] of steps) {
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
if (words.includes("--compile-only")) {
  const { references } = JSON.parse(readFileSync(join(cwd, "tsconfig.build.json"), "utf8"));
  await Promise.all(references.map(({ path }) => finishPackage(join(cwd, path))));
}
