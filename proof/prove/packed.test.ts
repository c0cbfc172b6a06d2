// The suite as its users get it: packed, installed into empty folders outside the repository, and run from there.
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ALL_MUTANTS } from "../src/mutants/all.ts";
import type { Running } from "../src/peer/parts.ts";
import { start } from "../src/peer/start.ts";
import { type Ended, runProgram } from "../src/run-program.ts";
import { type ServerProcess, startPython, startReference } from "../src/servers.ts";

const MOST_DEPENDENCIES = 6;
const MOST_BYTES = 3_000_000;
const WHOLE = /^(?:CONFORMANT|NO VIOLATIONS FOUND: 1\d\d\/1\d\d MUST verified)/m;

const packed = suite("the packed suite");
let root = "";
let tarball = "";
let installed = "";

packed.before(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "tidemark-packed-")));
  const workspace = fileURLToPath(new URL("../../conformance", import.meta.url));
  const pack = await runProgram("npm", ["pack", "--pack-destination", root], { cwd: workspace });
  assert.is(pack.code, 0, pack.output);
  const [name = ""] = (await readdir(root)).filter((file) => file.endsWith(".tgz"));
  tarball = join(root, name);
  installed = join(root, "empty");
  await mkdir(installed);
  await npm(installed, "init", "--yes");
  await npm(installed, "install", tarball);
});
packed.after(() => rm(root, { recursive: true }));

async function npm(cwd: string, ...args: readonly string[]): Promise<string> {
  const { code, output } = await runProgram("npm", [...args, "--no-audit", "--no-fund"], { cwd });
  assert.is(code, 0, output);
  return output;
}

function suiteCommand(...args: readonly string[]): Promise<Ended> {
  return runProgram("npx", ["--no-install", "tidemark-conformance", ...args], { cwd: installed });
}

/** Bytes of all files below a folder. */
async function sizeOf(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((file) => file.isFile())
    .map(async (file) => (await stat(join(file.parentPath, file.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

packed("it is small and depends on few packages, none of which is a test framework", async () => {
  const lock = JSON.parse(await readFile(join(installed, "package-lock.json"), "utf8"));
  const names = Object.keys(lock.packages)
    .filter((path) => path !== "")
    .map((path) => path.replace(/^.*node_modules\//, ""));
  const others = names.filter((name) => name !== "@tidemark/conformance").sort();
  assert.equal(others, ["commander", "picocolors", "yaml"]);
  assert.ok(others.length <= MOST_DEPENDENCIES);
  const bytes = await sizeOf(join(installed, "node_modules"));
  console.log(`${others.length} dependencies, ${bytes} bytes installed`);
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
});

packed("every command runs with what was installed", async () => {
  for (const command of [
    "server",
    "client",
    "doctor",
    "list",
    "explain",
    "replay",
    "report",
    "diff",
    "init",
  ]) {
    const { code, output } = await suiteCommand(command, "--help");
    assert.is(code, 0, output);
    assert.match(output, `Usage: tidemark-conformance ${command}`);
  }
  const { output } = await suiteCommand("explain", "SSE-RESUME-1");
  assert.match(output, "Last-Event-ID");
});

const SERVERS: Readonly<Record<string, () => Promise<ServerProcess>>> = {
  "the reference server": () => startReference(),
  "the Python server": () => startPython(),
};

for (const [name, open] of Object.entries(SERVERS))
  packed(`npx runs the whole suite against ${name} and writes every report`, async () => {
    const server = await open();
    const reports = ["json", "junit", "tap", "md", "html", "badge"].map((form) => `${form}=report.${form}`);
    const reporter = ["pretty", ...reports].join();
    const { code, output } = await suiteCommand("server", server.url, "--reporter", reporter);
    await server.close();
    console.log(output.trim().split("\n").slice(-2).join("\n"));
    assert.is(code, 0, output);
    assert.match(output, WHOLE);
    for (const report of reports)
      assert.ok((await readFile(join(installed, report.split("=")[1] ?? ""))).length > 50, report);
  });

/** Copy an example into a folder of its own, and install it there with the packed suite. */
async function example(name: string): Promise<string> {
  const folder = join(root, name);
  await cp(fileURLToPath(new URL(`../../examples/${name}`, import.meta.url)), folder, {
    recursive: true,
    filter: (path) => !path.includes("node_modules"),
  });
  const file = join(folder, "package.json");
  const manifest = await readFile(file, "utf8");
  await writeFile(file, manifest.replace("file:../../conformance", `file:${tarball}`));
  await npm(folder, "install");
  return folder;
}

const PASSES = "server/polling/answers-a-page-at-once";
const FAILS = "server/polling/cursor-is-where-the-page-ends";

for (const name of ["suite-in-uvu", "suite-in-node-test", "suite-in-vitest", "suite-in-jest"])
  packed(`${name}: a passing test passes, and a violation fails with the whole report`, async () => {
    const cwd = await example(name);
    const mutant = ALL_MUTANTS.find(({ id }) => id === "page-answers-its-first-cursor");
    const broken: Running = await start(mutant);
    const run = (tests: readonly string[]): Promise<Ended> =>
      runProgram("npm", ["test"], { cwd, env: { TARGET: broken.url, RUN: tests.join() } });
    const good = await run([PASSES]);
    const bad = await run([PASSES, FAILS]);
    await broken.close();
    assert.is(good.code, 0, good.output);
    assert.match(bad.output, /POLL-PAGE-3 \(MUST\)[\s\S]*expected: [\s\S]*actual: [\s\S]*curl -/);
    assert.is.not(bad.code, 0);
  });

packed.run();
