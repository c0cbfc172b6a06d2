// Enforces the import table of the architecture (tools/import-table.json).
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { forbiddenImports, type ImportRule, importsOf, shippedSources } from "./imports.ts";
import { packageFolders } from "./package-metadata.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const table: Record<string, ImportRule> = JSON.parse(
  readFileSync(join(root, "tools/import-table.json"), "utf8"),
);

for (const [workspace, rule] of Object.entries(table)) {
  test(`${workspace} imports only what the table allows`, () => {
    assert.ok(shippedSources(join(root, workspace)).length > 0, "the workspace has no sources");
    assert.equal(forbiddenImports(join(root, workspace), rule), []);
  });
}

for (const [workspace, { packages, files = {} }] of Object.entries(table))
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

test.run();
