import { test } from "uvu";
import * as assert from "uvu/assert";
import { addressOf } from "../../../tools/package-metadata.mjs";
import { siteHref, siteLinks } from "./links.mjs";

const cases = [
  ["polling.md#the-page", "spec/core.md", "/spec/polling#the-page"],
  ["README.md", "spec/core.md", "/spec/"],
  ["schemas/page.json", "spec/README.md", "/spec/schemas/page.json"],
  ["../../spec/core.md#core-gap-1", "docs/decisions/0001-x.md", "/spec/core#core-gap-1"],
  ["0002-y.md", "docs/decisions/0001-x.md", "/decisions/0002-y"],
  ["../docs/decisions", "spec/README.md", "/decisions/"],
  [addressOf("docs/decisions/0001-x.md"), "conformance/README.md", "/decisions/0001-x"],
  [addressOf("examples"), "conformance/ADAPTERS.md", undefined],
  ["#problems", "spec/core.md", "#problems"],
  ["https://example.com/a.md", "spec/core.md", "https://example.com/a.md"],
  ["../conformance/README.md", "spec/README.md", undefined],
  ["ADAPTERS.md#examples", "conformance/control.md", "/suite/adapters#examples"],
];

for (const [href, file, expected] of cases)
  test(`${href} in ${file}`, () => assert.is(siteHref(href, file), expected));

test("links to files that the site does not have become text; code and pictures stay", () => {
  const markdown = "[suite](../conformance/README.md) [core](core.md) ![x](x.png)\n```\n[core](core.md)\n```";
  assert.is(
    siteLinks(markdown, "spec/sse.md"),
    "suite [core](/spec/core) ![x](x.png)\n```\n[core](core.md)\n```",
  );
});

test.run();
