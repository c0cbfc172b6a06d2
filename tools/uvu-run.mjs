// Runs uvu test files so that nothing is green by accident: a throwing hook, a file that registers
// nothing, a pattern that matches nothing, a hanging test and a late rejection all fail.
// Usage: node [--conditions=source --import tsx] uvu-run.mjs [--timeout seconds] [--processes n] <folder or file>...
// With several processes each runs every n-th file, for tests that mostly wait.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    timeout: { type: "string", default: "120" },
    filter: { type: "string", default: "" },
    processes: { type: "string", default: "1" },
  },
});
const timeoutMs = Number(values.timeout) * 1000;

/** Every `*.test.ts`, `*.test.js` and `*.test.mjs` under a path, sorted. */
async function findTests(path) {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter((entry) => entry.name !== "node_modules" && entry.name !== "dist")
      .map((entry) => {
        const child = join(path, entry.name);
        if (entry.isDirectory()) return findTests(child);
        return /\.test\.(ts|js|mjs)$/.test(entry.name) ? [child] : [];
      }),
  );
  return found.flat().sort();
}

const totals = { passed: 0, failed: 0, skipped: 0 };
function fail(where, what) {
  totals.failed += 1;
  console.log(`FAIL ${where}\n${what}\n`);
}

let current = "(start)";
process.on("unhandledRejection", (reason) =>
  fail(current, `unhandled rejection: ${reason?.stack ?? reason}`),
);
process.on("uncaughtException", (error) => fail(current, `uncaught exception: ${error?.stack ?? error}`));

globalThis.UVU_DEFER = 1; // uvu queues the suites instead of running them on import
await import("uvu");
const queue = globalThis.UVU_QUEUE;
queue.length = 0;

function withTimeout(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`still running after ${values.timeout} s`)), timeoutMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function runSuite(run) {
  const [errors, ran, skipped, total] = await withTimeout(run());
  const lost = total - ran; // `total` leaves the skipped out
  totals.passed += ran;
  totals.skipped += skipped;
  totals.failed += lost;
  if (typeof errors === "string") console.log(errors);
  else if (lost > 0) console.log(`FAIL ${current}\n${lost} test(s) did not run: a hook threw\n`);
  return total;
}

async function runFile(file, index) {
  current = file;
  globalThis.UVU_INDEX = index;
  queue[index] = [];
  try {
    await import(pathToFileURL(resolve(file)).href);
    let registered = 0;
    for (const run of queue[index]) registered += await runSuite(run);
    if (registered === 0) fail(file, "registered no test (is `test.run()` missing?)");
  } catch (error) {
    fail(file, error?.stack ?? error);
  }
}

const files = (await Promise.all(positionals.map(findTests)))
  .flat()
  .filter((file) => file.includes(values.filter));
if (files.length === 0) fail(positionals.join(" "), "no test file matches");

/** Run files in another process of this program; its output comes whole. */
async function runProcess(some) {
  const self = [...process.execArgv, fileURLToPath(import.meta.url), "--timeout", values.timeout];
  const child = spawn(process.execPath, [...self, ...some], { stdio: ["ignore", "pipe", "inherit"] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  const closing = /(\d+) passed, (\d+) failed, (\d+) skipped\n$/.exec(output);
  process.stdout.write(output.slice(0, closing?.index));
  if (closing) {
    for (const [index, name] of ["passed", "failed", "skipped"].entries())
      totals[name] += Number(closing[index + 1]);
  } else fail(some.join(" "), `ended with ${code} before it had run all`);
}

const processes = Math.min(Number(values.processes), files.length);
if (processes > 1) {
  const slices = Array.from({ length: processes }, (_, of) => files.filter((_, i) => i % processes === of));
  await Promise.all(slices.map(runProcess));
} else {
  for (const [index, file] of files.entries()) await runFile(file, index);
}

// A rejection that nobody handled is reported on a later turn of the event loop.
await new Promise((done) => setTimeout(done, 20));
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 ? 1 : 0);
