// Checks the contents of each published package, as npm would pack it.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DOCS } from "./run.mjs";

const ROOT = join(DOCS, "..");
const MOST_BYTES = 64 * 1024 * 1024;

/** Every public package, with the paths of the files that npm would pack. */
async function packed() {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts", "--workspaces"];
  const { stdout } = await promisify(execFile)("npm", args, { cwd: ROOT, maxBuffer: MOST_BYTES });
  const folders = new Map(
    Object.entries(JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8")).packages)
      .filter(([, entry]) => entry.link)
      .map(([path, { resolved }]) => [path.replace("node_modules/", ""), join(ROOT, resolved)]),
  );
  const all = Object.values(JSON.parse(stdout)).map(async ({ name, files }) => {
    const folder = folders.get(name);
    const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    return { name, folder, manifest, files: new Set(files.map(({ path }) => path)) };
  });
  return (await Promise.all(all)).filter(({ manifest }) => manifest.private !== true);
}

const packages = await packed();

/** The files that an entry of `exports` or `bin` names, except those of our own condition `source`. @returns {string[]} */
function targetsOf(entry) {
  if (typeof entry === "string") return [entry.replace(/^\.\//, "")];
  return Object.entries(entry ?? {}).flatMap(([condition, target]) =>
    condition === "source" ? [] : targetsOf(target),
  );
}

test("every package has the licence, a README, and the Node version that it needs", async () => {
  const licence = await readFile(join(ROOT, "LICENSE"), "utf8");
  assert.ok(packages.length > 20, "the packages are found");
  for (const { name, folder, manifest, files } of packages) {
    assert.ok(files.has("README.md"), `${name}: README.md`);
    assert.ok(files.has("LICENSE"), `${name}: LICENSE`);
    assert.ok(files.has("CHANGELOG.md"), `${name}: CHANGELOG.md`);
    assert.is(await readFile(join(folder, "LICENSE"), "utf8"), licence, name);
    assert.is(manifest.engines.node, ">=20", name);
  }
});

test("every file that exports and bin name exists", () => {
  for (const { name, manifest, files } of packages)
    for (const target of [...targetsOf(manifest.exports), ...targetsOf(manifest.bin)]) {
      const beginning = target.split("*")[0];
      assert.ok(
        [...files].some((file) => (target.includes("*") ? file.startsWith(beginning) : file === target)),
        `${name}: ${target}`,
      );
    }
});

test("packages contain no tests and no files that only the repository needs", () => {
  const unwanted = /\.test\.|\.tsbuildinfo$|^(?:test|testing|prove|bench|scripts)\/|\/testing\//;
  for (const { name, files } of packages)
    assert.equal(
      [...files].filter((file) => unwanted.test(file)),
      [],
      name,
    );
});

test("every link in a packed text leads to a packed file or to a URL", async () => {
  for (const { name, folder, files } of packages)
    for (const file of [...files].filter((path) => path.endsWith(".md"))) {
      const text = await readFile(join(folder, file), "utf8");
      for (const [, href = ""] of text.matchAll(/\]\(([^()\s#]+)[#)]/g)) {
        if (/^[a-z]+:/.test(href)) continue;
        const target = join(dirname(file), href).replace(/\/$/, "");
        const isThere = [...files].some((path) => path === target || path.startsWith(`${target}/`));
        assert.ok(isThere, `${name}: ${file} links to ${href}`);
      }
    }
});

test("every source map that a file names exists", async () => {
  for (const { name, folder, files } of packages)
    for (const file of [...files].filter((path) => /\.(?:js|d\.ts)$/.test(path))) {
      const [, map] = /\/\/# sourceMappingURL=(\S+)/.exec(await readFile(join(folder, file), "utf8")) ?? [];
      if (map === undefined) continue;
      const at = join(dirname(file), map);
      assert.ok(files.has(at), `${name}: ${at}`);
    }
});

test.run();
