import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkSite } from "./check-site.mjs";

const GOOD = `<h1 id="top">x</h1><a href="/guide/a#there">a</a><a href="guide/">b</a><a href="#top">c</a>
  <a href="https://example.com/gone">elsewhere</a><img src="/logo.svg"><script>'<a href="/no-link">'</script>`;

/** Check a site of three pages and a picture, with `html` at the end of its first page. */
async function check(html) {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-site-"));
  try {
    await mkdir(join(folder, "guide"));
    await writeFile(join(folder, "index.html"), GOOD + html);
    await writeFile(join(folder, "guide/index.html"), '<a href="../">up</a>');
    await writeFile(join(folder, "guide/a.html"), '<h2 id="there">x</h2>');
    await writeFile(join(folder, "logo.svg"), "<svg/>");
    return await checkSite(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("a site without dead links has no fault", async () => {
  assert.equal(await check(""), { pages: 3, links: 5, faults: [] });
});

const faults = [
  ['<a href="/guide/b">', "dead link /guide/b"],
  ['<a class="x > y" href="/guide/a#nowhere">', "dead link /guide/a#nowhere"],
  ["<a href='guide'>", "dead link guide"],
  ['<a href="#gone">', "dead link #gone"],
  ['<img src="/lost.png">', "dead link /lost.png"],
  [
    '<link rel="stylesheet" href="https://fonts.example/x.css">',
    "loads https://fonts.example/x.css from another host",
  ],
];

for (const [html, fault] of faults)
  test(`${html} is reported`, async () => {
    const { faults: found } = await check(html);
    assert.equal(found, [`index.html: ${fault}`]);
  });

test.run();
