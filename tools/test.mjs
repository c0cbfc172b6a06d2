// What `npm test` runs: format and types, then build and every package's tests through turbo.
// `npm test -- --full` adds what takes minutes: the whole kill matrix, the built site (each package's `prove`).
// Programs of the system that tests start are installed first, where they are missing.
// Closes with one line over all packages: `N passed, N failed, N skipped`.
import { spawn } from "node:child_process";
import { ensurePrograms } from "./ensure.mjs";

const env = {
  ...process.env,
  NO_COLOR: "1",
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
  TIDEMARK_BUILT: "1",
  TIDEMARK_COMPILED: "1",
};
const totals = { passed: 0, failed: 0, skipped: 0 };
const closing = /^(?:\S+:(?:test|prove): )?(\d+) passed, (\d+) failed, (\d+) skipped$/;

/** Run a command, pass its output on, and hand every line to `onLine`. */
function run(command, args, onLine = () => {}) {
  return new Promise((done, reject) => {
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "inherit"], shell: false });
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      process.stdout.write(chunk);
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    });
    child.once("error", reject);
    child.once("close", (code) => done(code ?? 1));
  });
}

/** A step is one check: passed if its command exits 0. */
async function step(command, ...args) {
  const code = await run(command, args);
  if (code === 0) totals.passed += 1;
  else totals.failed += 1;
}

ensurePrograms();
const bin = (name) => `node_modules/.bin/${name}`;
await step(bin("biome"), "check", ".");
// Turbo finishes what is compiled here, before the tests. All types are looked at at once, and those of what knows
// nothing of Node against the compiled packages.
const build = async () => {
  await step(process.execPath, "tools/build.mjs", "--no-check", "--compile-only");
  await step(bin("tsc"), "-p", "tsconfig.web.json");
};

let lines = 0;
function count(line) {
  const match = closing.exec(line);
  if (!match) return;
  lines += 1;
  totals.passed += Number(match[1]);
  totals.failed += Number(match[2]);
  totals.skipped += Number(match[3]);
}
const uvu = ["--conditions=source", "--import", "tsx", "tools/uvu-run.mjs", "tools"];
// The tests of the tools mostly wait, and need nothing that is built.
const [, , toolsCode] = await Promise.all([
  build(),
  step(bin("tsc"), "-p", "tsconfig.check.json"),
  run(process.execPath, uvu, count),
]);
const tasks = process.argv.includes("--full") ? ["test", "prove"] : ["test"];
const turbo = [
  "run",
  ...tasks,
  "--continue",
  "--concurrency=12",
  "--log-order=grouped",
  "--output-logs=full",
];
const codes = [toolsCode, await run(bin("turbo"), turbo, count)];
// A run that ended badly without saying so is one more failure.
if (lines === 0 || (codes.some((code) => code !== 0) && totals.failed === 0)) totals.failed += 1;
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 ? 1 : 0);
