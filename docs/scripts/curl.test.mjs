import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { normalize } from "./transcript.mjs";

test("docs/curl.md is what curl and the reference server say today", () => {
  const script = fileURLToPath(new URL("curl.mjs", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  assert.is(status, 0, stderr);
});

test("one cursor in place of another is a difference", () => {
  const page = (last) => `{"cursor":"AAAAAAAAAAAA.1.bbb"}{"cursor":"AAAAAAAAAAAA.${last}.bbb"}`;
  assert.is(normalize(page(2)), normalize(page(3)));
  assert.is.not(normalize(page(1)), normalize(page(2)));
});

test.run();
