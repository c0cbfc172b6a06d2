import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  addressOf,
  changes,
  describedManifest,
  linkedText,
  METADATA,
  packageFolders,
  ROOT,
} from "./package-metadata.mjs";

const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

test("every manifest, README and SECURITY.md agrees with package-metadata.json", () => {
  assert.equal(
    changes().map(({ file }) => file),
    [],
    "run `node tools/package-metadata.mjs`",
  );
});

test("every published package has an entry, keywords of its own and a CHANGELOG", () => {
  assert.equal(Object.keys(METADATA.ownKeywords).sort(), [...packageFolders()].sort());
  for (const folder of packageFolders()) {
    const { name, repository } = JSON.parse(read(`${folder}/package.json`));
    assert.is(repository.directory, folder);
    assert.ok(read(`${folder}/CHANGELOG.md`).startsWith(`# ${name}\n`), folder);
  }
});

test("a change of the metadata changes a manifest and the links of a text", () => {
  const other = { ...METADATA, repository: "https://git.other.example/x", author: "Somebody" };
  const manifest = describedManifest(
    JSON.parse(read("packages/client/package.json")),
    "packages/client",
    other,
  );
  assert.is(manifest.author, "Somebody");
  assert.is(manifest.bugs.url, "https://git.other.example/x/issues");
  const text = `[a](${addressOf("spec/core.md")}#terms) [b](../log/README.md) [c](src/index.ts) [d](#e)`;
  const isShipped = (path: string): boolean => path.startsWith("packages/client/src/");
  assert.is(
    linkedText(text, "packages/client/README.md", isShipped, METADATA, other),
    `[a](${addressOf("spec/core.md", other)}#terms) [b](${addressOf("packages/log/README.md", other)}) [c](src/index.ts) [d](#e)`,
  );
});

test("every URL of a file of the repository names a file that exists", () => {
  const texts = packageFolders().map((folder) => read(`${folder}/README.md`));
  const paths = [...texts, read("conformance/ADAPTERS.md")]
    .flatMap((text) => text.split(addressOf("")).slice(1))
    .map((rest) => /^[^#)\s]*/.exec(rest)?.[0] ?? "");
  assert.ok(paths.length > 20);
  assert.equal(
    paths.filter((path) => !existsSync(join(ROOT, path))),
    [],
  );
});

test.run();
