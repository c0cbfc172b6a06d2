// `npm run bench`: builds, installs the peers beside this file if they are missing, and runs a benchmark.
// To run another program than the main one, name it first: `--program=decoding`.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("..", import.meta.url));
const [, program] = /^--program=([a-z]+)$/.exec(process.argv[2] ?? "") ?? [];
const args = process.argv.slice(program === undefined ? 2 : 3);
const main = program === undefined ? "main.ts" : `${program}/main.ts`;

function run(command, words, cwd) {
  const { status, error } = spawnSync(command, words, { cwd, stdio: ["inherit", "inherit", "inherit"] });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (!args.includes("--help") && !args.includes("-h")) {
  run(process.execPath, ["tools/build.mjs"], root);
  if (
    !["better-sse", "eventsource", "eventsource-parser"].every((peer) =>
      existsSync(`${here}node_modules/${peer}`),
    )
  )
    run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], here);
}
run(process.execPath, ["--import", "tsx", `benchmarks/src/${main}`, ...args], root);
