// All decision records have the same form, and each has its own number.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DOCS } from "./run.mjs";

const folder = join(DOCS, "decisions");
const names = (await readdir(folder)).sort();

test("the records are numbered from 1, without gaps or duplicates", () => {
  assert.equal(
    names.map((name) => Number(/^(\d{4})-[a-z0-9-]+\.md$/.exec(name)?.[1])),
    names.map((_, index) => index + 1),
  );
});

for (const name of names)
  test(`${name} has a title and the four parts, in order`, async () => {
    const text = await readFile(join(folder, name), "utf8");
    const parts = [...text.matchAll(/^(# (?=\S)|\*\*(?:Context|Decision|Reason|Consequences)\.\*\* )/gm)];
    assert.equal(
      parts.map(([part]) => part.replace(/\W/g, "")),
      ["", "Context", "Decision", "Reason", "Consequences"],
    );
  });

test.run();
