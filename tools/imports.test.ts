// Enforces the import table of the architecture (tools/import-table.json).
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { forbiddenImports, type ImportRule, importCycles, importsOf, shippedSources } from "./imports.ts";
import { packageFolders } from "./package-metadata.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Workspaces that nobody installs; the root or their own lock files declare what they import. */
const UNPUBLISHED = ["proof", "examples"];

const table: Record<string, ImportRule> = JSON.parse(
  readFileSync(join(root, "tools/import-table.json"), "utf8"),
);

for (const [workspace, rule] of Object.entries(table)) {
  test(`${workspace} imports only what the table allows`, () => {
    assert.ok(shippedSources(join(root, workspace), rule.sources).length > 0, "the workspace has no sources");
    assert.equal(forbiddenImports(join(root, workspace), rule), []);
  });
}

for (const [workspace, { packages, files = {} }] of Object.entries(table).filter(
  ([name]) => !UNPUBLISHED.includes(name),
))
  test(`${workspace} declares the packages that the table allows, so that npm installs them`, () => {
    const manifest = JSON.parse(readFileSync(join(root, workspace, "package.json"), "utf8"));
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const allowed = [...packages, ...Object.values(files).flatMap((file) => file.packages ?? [])];
    assert.equal(
      allowed.filter((name) => !declared.includes(name)),
      [],
    );
  });

test("the table contains every package", () => {
  const packages = readdirSync(join(root, "packages")).map((name) => `packages/${name}`);
  assert.equal(
    packages.filter((name) => !(name in table)),
    [],
  );
});

test("a published package depends on no private package of the repository", () => {
  const manifests = packageFolders().map((folder) =>
    JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")),
  );
  const published = new Set(manifests.map(({ name }) => name));
  const needed = manifests.flatMap(({ name, dependencies, peerDependencies, optionalDependencies }) =>
    Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies })
      .filter((needs) => needs.startsWith("@tidemark/") && !published.has(needs))
      .map((needs) => `${name} needs ${needs}`),
  );
  assert.equal(needed, []);
});

test("an optional peer of the same release accepts later versions, else every release is a major one", () => {
  const exact = packageFolders().flatMap((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    return Object.entries<string>(manifest.peerDependencies ?? {})
      .filter(([name, range]) => name.startsWith("@tidemark/") && !range.startsWith(">="))
      .map(([name, range]) => `${folder}: ${name} ${range}`);
  });
  assert.equal(exact, []);
});

test("importsOf finds every form of import", () => {
  const source = `import a from "a";\nimport type { B } from "b";\nexport * from "c";\nimport "d";
    const e = await import("e");\n// import f from "f";\nimport {\n  g,\n} from "g";`;
  assert.equal(importsOf(source).sort(), ["a", "b", "c", "d", "e", "g"]);
});

test("forbiddenImports finds what the table does not allow", () => {
  const folder = mkdtempSync(join(tmpdir(), "imports-"));
  try {
    mkdirSync(join(folder, "src"));
    const source = `import "node:fs"; import "@tidemark/log"; import "@tidemark/std/x"; import "koa"; import "../../y.ts"; import "./z.ts";`;
    writeFileSync(join(folder, "src/a.ts"), source);
    writeFileSync(join(folder, "src/z.ts"), "export const z = 1;");
    const rule = { siblings: ["std"], packages: ["undici"], node: false };
    const found = forbiddenImports(folder, rule).map(({ specifier }) => specifier);
    assert.equal(found, ["node:fs", "@tidemark/log", "@tidemark/std/x", "koa", "../../y.ts"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("forbiddenImports finds what leaves a folder, and what leaves the workspace", () => {
  const folder = mkdtempSync(join(tmpdir(), "imports-"));
  try {
    for (const name of ["src/engine", "src/suites", "src/cli"])
      mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(
      join(folder, "src/engine/a.ts"),
      `import type { B } from "../suites/b.ts"; import "./c.ts";`,
    );
    writeFileSync(join(folder, "src/suites/b.ts"), `import "../engine/a.ts"; import "../cli/d.ts";`);
    writeFileSync(join(folder, "src/main.ts"), `import "./cli/d.ts";`);
    const folders = { "src/engine": [], "src/suites": ["src/engine"] };
    const rule = { siblings: [], packages: [], node: false, folders };
    const found = forbiddenImports(folder, rule).map(({ specifier }) => specifier);
    assert.equal(found.sort(), ["../cli/d.ts", "../suites/b.ts"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("importCycles finds circles of values and of types, and nothing else", () => {
  const folder = mkdtempSync(join(tmpdir(), "imports-"));
  try {
    const sources = {
      "a.ts": `import type { B } from "./b.ts";`,
      "b.ts": `import { c } from "./c.ts"; import "./d.ts";`,
      "c.ts": `export type { A } from "./a.ts";`,
      "d.ts": `import "./e.ts";`,
      "e.ts": "export const e = 1;",
    };
    for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text);
    const files = Object.keys(sources).map((name) => join(folder, name));
    assert.equal(importCycles(folder, files), [["a.ts", "b.ts", "c.ts"]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("no file of the repository imports itself in a circle, types included", () => {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.ts", "*.mjs", "*.js"], {
    cwd: root,
    encoding: "utf8",
  });
  const files = listed
    .split("\n")
    .filter(Boolean)
    .map((name) => join(root, name))
    .filter((path) => existsSync(path));
  assert.ok(files.length > 500);
  assert.equal(importCycles(root, files), []);
});

test.run();
