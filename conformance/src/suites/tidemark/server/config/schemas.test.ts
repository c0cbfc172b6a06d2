import { readFile } from "node:fs/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { generate } from "../../../../../scripts/schemas.ts";

const root = new URL("../../../../../", import.meta.url);

for (const [path, text] of await generate())
  test(`${path} is what the types say; if not, run \`npm run schemas -w @tidemark/conformance\``, async () => {
    assert.is(await readFile(new URL(path, root), "utf8"), text);
  });

test.run();
