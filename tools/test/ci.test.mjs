// `.ci/run` prints one closing line over both tiers. `npm` is replaced, because the real one would run everything.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";

const script = fileURLToPath(new URL("../../.ci/run", import.meta.url));

/** Run the script with an `npm` that prints these last lines. */
function run({ install = "true", ordinary, peers }) {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-ci-"));
  try {
    const cases = [
      `ci) ${install} ;;`,
      `test) echo "log:test: 9 passed, 9 failed, 0 skipped"; echo "${ordinary}" ;;`,
      `"test -- --peers") echo "${peers}" ;;`,
      '*) echo "unexpected: $*"; exit 9 ;;',
    ];
    writeFileSync(join(folder, "npm"), `#!/bin/sh\ncase "$*" in\n${cases.join("\n")}\nesac\n`);
    chmodSync(join(folder, "npm"), 0o755);
    const env = { ...process.env, PATH: folder + delimiter + process.env.PATH };
    const { stdout, status } = spawnSync(script, { encoding: "utf8", env });
    return { status, closing: stdout.trimEnd().split("\n").at(-1) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the last line adds up both tiers", () => {
  const green = run({
    ordinary: "10 passed, 0 failed, 1 skipped",
    peers: "5 passed, 0 failed, 2 skipped",
  });
  assert.equal(green, { status: 0, closing: "15 passed, 0 failed, 3 skipped" });
});

test("a failure in either tier, and a tier that ends without a closing line, fail the run", () => {
  const good = "10 passed, 0 failed, 0 skipped";
  const bad = "9 passed, 1 failed, 0 skipped";
  assert.equal(run({ ordinary: good, peers: bad }), {
    status: 1,
    closing: "19 passed, 1 failed, 0 skipped",
  });
  assert.is(run({ ordinary: bad, peers: good }).status, 1);
  assert.equal(run({ ordinary: good, peers: "Segmentation fault" }), {
    status: 1,
    closing: "10 passed, 1 failed, 0 skipped",
  });
});

test("a failed installation ends the run", () => {
  assert.is(run({ install: "exit 3", ordinary: "", peers: "" }).status, 3);
});

test.run();
