// Runs the tests that a developer names, from sources, without a build.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findTests } from "../runner/find-tests.mjs";
import { installPeers } from "./install-peers.mjs";
import { runCommand, Totals } from "./run-command.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const WORKSPACES = ["conformance", "docs", "proof", "spec", "tools"];
/** Folders whose tests run in the root. `npm test` does not run those in peers. */
const IN_ROOT = ["tools", "peers"];
const REGISTER = new URL("../typescript/register.mjs", import.meta.url).href;
const RUNNER = fileURLToPath(new URL("../uvu-run.mjs", import.meta.url));

/** The folder of a package, by its name with or without the scope. */
function folderOf(word) {
  const name = word.replace(/^@tidemark\//, "");
  const folder = [...WORKSPACES, ...IN_ROOT].includes(name) ? name : join("packages", name);
  return existsSync(join(ROOT, folder, "package.json")) || IN_ROOT.includes(folder) ? folder : undefined;
}

/** The paths that `npm test` runs in a package, from its `test` script. */
function ordinaryTests(folder) {
  if (IN_ROOT.includes(folder)) return [folder];
  const { scripts = {} } = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
  const last = scripts.test?.split(" ").at(-1);
  return last === undefined ? [] : [join(folder, last)];
}

/** All tests of all packages, except those that take minutes (`prove`); a word can name these by path. */
async function everyTest() {
  const packages = readdirSync(join(ROOT, "packages"));
  const folders = [...packages.map((name) => join("packages", name)), ...WORKSPACES];
  const found = await Promise.all(
    folders.flatMap(ordinaryTests).map((folder) => findTests(join(ROOT, folder))),
  );
  return found.flat();
}

/** The test files that a word names. */
async function filesOf(word) {
  const folder = folderOf(word);
  if (folder !== undefined) {
    const found = await Promise.all(ordinaryTests(folder).map((path) => findTests(join(ROOT, path))));
    return found.flat();
  }
  const path = resolve(ROOT, word);
  if (existsSync(path)) return findTests(path);
  return (await everyTest()).filter((file) => relative(ROOT, file).includes(word));
}

/** Group files by package, because tests run in their package's folder. */
function byPackage(files) {
  const groups = new Map();
  for (const file of files) {
    const [first, second] = relative(ROOT, file).split(/[\\/]/);
    const folder = first === "packages" ? join(first, second) : first;
    groups.set(folder, [...(groups.get(folder) ?? []), file]);
  }
  return groups;
}

/** Run the named tests; returns the exit code. */
export async function testSome(words, { watch, filter }) {
  const named = await Promise.all(words.map(async (word) => ({ word, files: await filesOf(word) })));
  const nothing = named.filter(({ files }) => files.length === 0);
  if (nothing.length > 0) {
    const list = nothing.map(({ word }) => `"${word}"`).join(", ");
    console.error(`No package is called ${list}, and no test file has it in its path.`);
    return 2;
  }
  const files = [...new Set(named.flatMap((each) => each.files))].filter((file) => file.includes(filter));
  await import("../copy-ledger.mjs");
  const totals = new Totals();
  let endedBadly = false;
  const groups = byPackage(files);
  if (watch && groups.size > 1) {
    console.error(
      `--watch works with one package at a time; these words name tests of ${[...groups.keys()].join(", ")}.`,
    );
    return 2;
  }
  const missing = groups.has("peers") ? await installPeers() : undefined;
  if (missing !== undefined) {
    console.error(missing);
    return 1;
  }
  for (const [folder, paths] of groups) {
    const cwd = join(ROOT, IN_ROOT.includes(folder) ? "." : folder);
    const node = [...(watch ? ["--watch"] : []), "--conditions=source", "--import", REGISTER];
    const runner = [RUNNER, "--names", "--timeout", "600", "--processes", watch ? "1" : "2"];
    const args = [...node, ...runner, ...paths.map((path) => relative(cwd, path))];
    const env = { ...process.env };
    delete env.TIDEMARK_BUILT;
    const code = await runCommand(process.execPath, args, { cwd, env, onLine: (line) => totals.read(line) });
    endedBadly ||= code !== 0;
  }
  if (groups.size > 1) console.log(String(totals));
  return endedBadly ? 1 : 0;
}
