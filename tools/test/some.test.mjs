// `npm test -- word...` runs only the tests that the words name.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";

const program = fileURLToPath(new URL("../test.mjs", import.meta.url));

function npmTest(...words) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...words], { encoding: "utf8" });
  return { stdout, stderr, status, closing: stdout.trimEnd().split("\n").at(-1) };
}

test("a word is a package, a path or a part of a path; every test is printed by name", () => {
  const { status, stdout, closing } = npmTest(
    "client-polling",
    "packages/protocol/src/pages/page.test.ts",
    "comeb",
  );
  assert.is(status, 0, stdout);
  assert.match(stdout, /^src\/polling\.test\.ts {2}3 tests, /m);
  assert.match(stdout, /^src\/pages\/page\.test\.ts/m);
  assert.match(stdout, /^src\/loop\/comeback\.test\.ts/m);
  assert.match(stdout, /^ {2}✓ .+ {2}\d+ ms$/m);
  assert.match(closing, /^\d+ passed, 0 failed, 0 skipped$/);
});

test("a word that names no test is an error, and nothing runs", () => {
  const { status, stdout, stderr } = npmTest("client-polling", "no-such-thing");
  assert.is(status, 2);
  assert.is(stdout, "");
  assert.match(stderr, /"no-such-thing"/);
});

test("--help is printed; unknown options, and --watch without a word, are errors", () => {
  assert.is(npmTest("--help").status, 0);
  assert.match(npmTest("--help").stdout, /^Usage: npm test/);
  const unknown = npmTest("--fast");
  assert.is(unknown.status, 2);
  assert.match(unknown.stderr, /--fast[\s\S]+Usage/);
  assert.is(npmTest("--watch").status, 2);
});

test.run();
