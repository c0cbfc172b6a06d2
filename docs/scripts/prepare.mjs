// Writes the pages that are generated from other files of the repository: the specification with the tests of each
// requirement, the index of requirements, the tests, the decisions, the changes; and the pictures.
//   node scripts/prepare.mjs         before a build: fails if the suite cannot list its tests
//   node scripts/prepare.mjs --dev   continues without the tests
import { cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { readHomeFacts } from "./site/home-facts.mjs";
import { renderPage } from "./site/page.mjs";
import { makePages } from "./site/pages.mjs";
import { drawPictures } from "./site/pictures.mjs";
import { GENERATED, ROOT } from "./site/repository.mjs";
import { requirementRows } from "./site/requirements-page.mjs";
import { readSources } from "./site/sources.mjs";

async function write(path, text) {
  const file = join(GENERATED, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** Copy the files that are served unchanged: the site's own files, and the specification's data. */
async function copyPublic() {
  const target = join(GENERATED, "public");
  await cp(join(ROOT, "docs/public"), target, { recursive: true });
  const isData = (name) => /^(?!package\.json)[\w-]+\.(?:json|ya?ml)$|^(?:schemas|vectors)$/.test(name);
  for (const name of (await readdir(join(ROOT, "spec"))).filter(isData))
    await cp(join(ROOT, "spec", name), join(target, "spec", name), { recursive: true });
}

const { values } = parseArgs({ options: { dev: { type: "boolean", default: false } } });
const sources = await readSources({ lenient: values.dev });
const pages = makePages(sources);
await rm(GENERATED, { recursive: true, force: true });
for (const page of pages) await write(`${page.path}.md`, renderPage(page));
await write("requirements.json", JSON.stringify(requirementRows(sources)));
const contents = pages.map(({ path, title, section }) => ({ path, title, section }));
await write("contents.json", JSON.stringify(contents));
await write("home.json", JSON.stringify(await readHomeFacts()));
await write("pictures.json", JSON.stringify(await drawPictures()));
await copyPublic();
console.log(
  `${pages.length} pages from ${sources.requirements.length} requirements, ${sources.tests.length} tests`,
);
