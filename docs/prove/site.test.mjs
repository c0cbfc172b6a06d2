import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkSite } from "../scripts/links/check-site.mjs";
import { inspectSite } from "../scripts/links/inspect-site.mjs";
import { searchSite } from "../scripts/links/search-site.mjs";
import searches from "../scripts/links/searches.json" with { type: "json" };
import { serveSite } from "../scripts/links/serve-site.mjs";
import { runNode } from "../scripts/run.mjs";

const vitepress = fileURLToPath(new URL("bin/vitepress.js", import.meta.resolve("vitepress/package.json")));

/** One page of each kind. */
const INSPECTED = [
  "/",
  "/guide/getting-started",
  "/guide/playground",
  "/guide/questions",
  "/guide/architecture",
];

test("the site builds without dead links and anchors, and newcomers find what they search for", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-site-"));
  try {
    const prepared = await runNode(["scripts/prepare.mjs"]).done;
    assert.is(prepared.code, 0, prepared.output);
    const built = await runNode([vitepress, "build", ".", "--outDir", folder, "--minify", "false"]).done;
    assert.is(built.code, 0, built.output);
    const { pages, links, faults } = await checkSite(folder);
    assert.equal(faults, []);
    assert.ok(pages > 20 && links > 1_000, `${pages} pages, ${links} links`);
    const search = await searchSite(folder);
    const found = Object.keys(searches).map((query) => [query, search(query)[0]]);
    assert.equal(Object.fromEntries(found), searches);
    const site = await serveSite(folder);
    try {
      assert.equal(await inspectSite(site.url, INSPECTED), []);
    } finally {
      site.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.run();
