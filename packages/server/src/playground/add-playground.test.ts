import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bundlePage } from "../../../../tools/bundle-page.mjs";
import { tidemark } from "../../test/tidemark-command.ts";

const folder = fileURLToPath(new URL("../../", import.meta.url));

test("playground prints the address of its page, and ends with a signal", async () => {
  if (process.env.TIDEMARK_BUILT !== "1") await bundlePage(folder, `${folder}dist/playground/page`);
  const { child, output, ended } = tidemark("playground");
  try {
    await Promise.race([once(child.stdout ?? child, "data"), ended]);
    const [, url = ""] = /^playground: open (http:\/\/127\.0\.0\.1:\d+\/)\n/.exec(output.stdout) ?? [];
    assert.ok(url, output.stderr);
    const page = await fetch(url);
    assert.match(await page.text(), /page\.js/);
    assert.match(page.headers.get("content-security-policy") ?? "", /default-src 'none'/);
    const start = (await (await fetch(`${url}start`)).json()) as { columns: Record<string, string> };
    assert.equal(Object.keys(start.columns), ["polling", "long-polling", "sse"]);
    child.kill("SIGTERM");
    assert.is(await ended, 0, output.stderr);
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
});

for (const url of ["ftp://a.example/x", "http://me:secret@a.example/", "channels/news"])
  test(`playground --url ${url} is rejected`, async () => {
    const { ended, output } = tidemark("playground", "--url", url);
    assert.is(await ended, 1);
    assert.match(output.stderr, /Expected an http or https URL without credentials/);
  });

test.run();
