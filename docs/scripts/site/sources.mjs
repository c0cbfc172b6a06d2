// Reads the sources of the pages.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { listTests, markRequirements } from "./coverage.mjs";
import { ROOT } from "./repository.mjs";

/**
 * @param {{ lenient?: boolean }} options `lenient` continues without the suite's tests, with a warning
 * @returns {Promise<import("./pages.mjs").Sources>}
 */
export async function readSources({ lenient = false } = {}) {
  const requirements = await readLedgers();
  const tests = await listTests().catch((error) => {
    if (!lenient) throw error;
    console.warn(`without coverage: ${error.message}`);
    return [];
  });
  return {
    requirements,
    tests,
    marks: markRequirements(requirements, tests),
    chapters: new Map([...(await markdownIn("spec")), ...(await markdownIn("spec", "profiles/"))]),
    decisions: await markdownIn("docs/decisions"),
    suite: await markdownIn("conformance"),
    changelogs: await readChangelogs(),
  };
}

/** The requirements of the specification and of each profile. */
async function readLedgers() {
  const profiles = (await readdir(join(ROOT, "spec/profiles"))).filter((name) => name.endsWith(".json"));
  const files = ["requirements.json", ...profiles.sort().map((name) => `profiles/${name}`)];
  const texts = await Promise.all(files.map((name) => readFile(join(ROOT, "spec", name), "utf8")));
  return texts.flatMap((text) => JSON.parse(text));
}

/**
 * The Markdown files of a folder by their paths below `root`, without extension.
 * @returns {Promise<Map<string, string>>}
 */
async function markdownIn(root, below = "") {
  const path = join(ROOT, root, below);
  const names = existsSync(path) ? (await readdir(path)).sort() : [];
  const files = names.filter((name) => name.endsWith(".md"));
  const texts = await Promise.all(files.map((name) => readFile(join(path, name), "utf8")));
  return new Map(files.map((name, index) => [below + name.slice(0, -".md".length), texts[index] ?? ""]));
}

/** The changelogs of the released packages. @returns {Promise<Map<string, string>>} */
async function readChangelogs() {
  const packages = (await readdir(join(ROOT, "packages"))).map((name) => `packages/${name}`);
  const found = new Map();
  for (const folder of ["spec", "conformance", ...packages.sort()]) {
    const file = join(ROOT, folder, "CHANGELOG.md");
    if (existsSync(file)) found.set(`@tidemark/${folder.split("/").at(-1)}`, await readFile(file, "utf8"));
  }
  return found;
}
