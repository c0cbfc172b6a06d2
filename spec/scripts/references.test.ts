// Code, tests and documents cite requirements by id, and only ids that exist.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ID, type Requirement } from "./blocks.ts";
import { PROFILES } from "./ledger.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MADE = new Set(["node_modules", "dist", "generated", "data", "cache", "__pycache__"]);
const TEXT = /\.(?:[mc]?[jt]s|md|json|ya?ml|py|vue|html|go|rs|java|cs|php|rb|ex|sh)$/;
/** Tests of code that reads ids, which use invented ids. */
const INVENTS = /^(?:spec|docs)\/scripts\/.*\.test\.m?[jt]s$/;

const ledgers = ["requirements.json", ...PROFILES.map((file) => file.replace(/\.md$/, ".json"))];
const requirements = ledgers.flatMap((name): readonly Requirement[] =>
  JSON.parse(readFileSync(join(ROOT, "spec", name), "utf8")),
);
const known = new Set(requirements.map(({ id }) => id));

/** The text files of the repository that are not generated. */
function* texts(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !MADE.has(entry.name) && !/^\.(?!vitepress|changeset)/.test(entry.name))
      yield* texts(path);
    if (entry.isFile() && TEXT.test(entry.name) && !INVENTS.test(relative(ROOT, path))) yield path;
  }
}

/** The ids in a text that do not belong to a requirement. */
function dangling(text: string): readonly string[] {
  return [...text.matchAll(ID)].map(([id]) => id).filter((id) => !known.has(id));
}

test("every id that the repository cites is a requirement", () => {
  let cited = 0;
  const faults: string[] = [];
  for (const path of texts(ROOT)) {
    const text = readFileSync(path, "utf8");
    cited += text.match(ID)?.length ?? 0;
    faults.push(...dangling(text).map((id) => `${relative(ROOT, path)}: ${id}`));
  }
  assert.equal(faults, []);
  assert.ok(cited > 2_000, `${cited} ids`);
});

test("an unknown id is found", () => {
  assert.equal(dangling("SSE-RESUME-1, SSE-RESUME-99 (CLI-GAP-1)"), ["SSE-RESUME-99"]);
});

test.run();
