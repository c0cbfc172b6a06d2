// Runs uvu test files so that nothing is green by accident: a throwing hook, a file that registers
// nothing, a pattern that matches nothing, a hanging test and a late rejection all fail.
// Usage: node [--conditions=source --import tsx] uvu-run.mjs [--timeout seconds] [--processes n] [--first text]... <folder or file>...
// With several processes each takes the next file when it is done with one, for tests that mostly wait; files whose path
// has the text of `--first` are taken before the others: those that wait longest.
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
    first: { type: "string", multiple: true, default: [] },
    queued: { type: "boolean", default: false },
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

const isLater = (file) => (values.first.some((part) => file.includes(part)) ? 0 : 1);
const files = (await Promise.all(positionals.map(findTests)))
  .flat()
  .filter((file) => file.includes(values.filter))
  .sort((a, b) => isLater(a) - isLater(b));
if (files.length === 0 && !values.queued) fail(positionals.join(" "), "no test file matches");

/** Run files of a queue in another process of this program, one after another; its output comes whole. */
async function runProcess(queue) {
  const self = [...process.execArgv, fileURLToPath(import.meta.url), "--timeout", values.timeout, "--queued"];
  const child = spawn(process.execPath, self, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  let counted = {};
  let running = "(start)";
  child.on("message", ({ counts, ended }) => {
    counted = counts;
    running = ended ? undefined : (queue.shift() ?? "");
    if (!ended) child.send(running);
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  process.stdout.write(output);
  for (const [name, count] of Object.entries(counted)) totals[name] += count;
  if (running !== undefined) fail(running, `its process ended with ${code} before it had run all`);
}

/** Tell the process above what was counted. */
function tell(ended) {
  return new Promise((done) => process.send({ counts: totals, ended }, done));
}

/** The files that the process above hands out. */
async function* handedOut() {
  for (;;) {
    const next = once(process, "message");
    await tell(false);
    const [file] = await next;
    if (file === "") return;
    yield file;
  }
}

const processes = Math.min(Number(values.processes), files.length);
if (processes > 1) await Promise.all(Array.from({ length: processes }, () => runProcess(files)));
else {
  let index = 0;
  for await (const file of values.queued ? handedOut() : files) await runFile(file, index++);
}

// A rejection that nobody handled is reported on a later turn of the event loop.
await new Promise((done) => setTimeout(done, 20));
if (values.queued) await tell(true);
else console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 ? 1 : 0);
