// The runner must not pass by accident: each of these files has to make it fail.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";

const runner = fileURLToPath(new URL("uvu-run.mjs", import.meta.url));
const modules = fileURLToPath(new URL("../node_modules", import.meta.url));
const head = `import { suite, test } from "uvu";\nimport * as assert from "uvu/assert";\n`;

/** Run the runner over one file with this content or, with `undefined`, over an empty folder. */
function runnerOn(source, name = "a.test.mjs") {
  return runnerOver(source === undefined ? {} : { [name]: source });
}

/** Run the runner over these files. */
function runnerOver(files, options = [], variables = {}) {
  const folder = mkdtempSync(join(tmpdir(), "runner-"));
  try {
    symlinkSync(modules, join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), `{"type":"module"}`);
    for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), head + source);
    const args = [runner, "--timeout", "1", ...options, folder];
    const { CI: _, ...env } = process.env;
    const { stdout, status } = spawnSync(process.execPath, args, {
      encoding: "utf8",
      env: { ...env, ...variables },
    });
    return { status, stdout, closing: stdout.trimEnd().split("\n").at(-1) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("passing tests pass, and a skipped test counts as skipped", () => {
  const result = runnerOn(`test("a", () => assert.ok(true)); test.skip("b", () => {}); test.run();`);
  assert.is(result.closing, "1 passed, 0 failed, 1 skipped");
  assert.is(result.status, 0);
});

const failures = {
  "a failing test": [`test("a", () => assert.ok(false)); test.run();`, "0 passed, 1 failed, 0 skipped"],
  "a hook that throws": [
    `test.before(() => { throw new Error("no"); }); test("a", () => {}); test.run();`,
    "0 passed, 1 failed, 0 skipped",
  ],
  "a second suite whose hook throws": [
    `test("a", () => {}); test.run(); const s = suite("s"); s.before.each(() => { throw new Error("no"); }); s("b", () => {}); s.run();`,
    "1 passed, 1 failed, 0 skipped",
  ],
  "a file that registers no test": [`test("a", () => {});`, "0 passed, 1 failed, 0 skipped"],
  "a file that throws on import": [`throw new Error("no");`, "0 passed, 1 failed, 0 skipped"],
  "a hanging test": [
    `test("a", () => new Promise(() => setInterval(() => {}, 1000))); test.run();`,
    "0 passed, 1 failed, 0 skipped",
  ],
  "a late rejection": [
    `test("a", () => { setTimeout(() => Promise.reject(new Error("late")), 5); }); test.run();`,
    "1 passed, 1 failed, 0 skipped",
  ],
  "an empty folder": [undefined, "0 passed, 1 failed, 0 skipped"],
};

for (const [name, [source, closing]] of Object.entries(failures)) {
  test(`${name} fails`, () => {
    const result = runnerOn(source);
    assert.is(result.closing, closing, result.stdout);
    assert.is(result.status, 1);
  });
}

test("a folder without a test file fails", () => {
  const result = runnerOn(`test("a", () => {}); test.run();`, "a.spec.mjs");
  assert.is(result.closing, "0 passed, 1 failed, 0 skipped");
  assert.is(result.status, 1);
});

test("several processes run every file once, and a process that dies fails", () => {
  const good = `test("a", () => assert.ok(true)); test.skip("b", () => {}); test.run();`;
  const bad = `test("c", () => assert.ok(false)); test.run();`;
  const dies = `test("d", () => process.kill(process.pid, "SIGKILL")); test.run();`;
  const some = { "a.test.mjs": good, "b.test.mjs": good, "c.test.mjs": bad };
  assert.is(runnerOver(some, ["--processes", "2"]).closing, "2 passed, 1 failed, 2 skipped");
  const dead = runnerOver({ "a.test.mjs": good, "d.test.mjs": dies }, ["--processes", "2"]);
  assert.is(dead.closing, "1 passed, 1 failed, 1 skipped");
  assert.is(dead.status, 1);
  assert.match(dead.stdout, /FAIL \S*d\.test\.mjs\nits process exited/);
  const late = `test("e", () => { setTimeout(() => Promise.reject(new Error("late")), 5); }); test.run();`;
  const later = runnerOver({ "a.test.mjs": good, "e.test.mjs": late }, ["--processes", "2"]);
  assert.is(later.closing, "2 passed, 1 failed, 1 skipped");
  assert.is(runnerOver({ "a.test.mjs": good, "b.test.mjs": good }, ["--processes", "2"]).status, 0);
});

test("a hanging test is reported by name, and the other tests of its file run", () => {
  const hangs = `test("hangs", () => new Promise(() => {}));`;
  const result = runnerOn(`${hangs} test("a", () => {}); test.run();`);
  assert.is(result.closing, "1 passed, 1 failed, 0 skipped");
  assert.match(result.stdout, /still running after 1 s: hangs/);
});

test("the time limit applies to each test, not to a file", () => {
  const third = `new Promise((done) => setTimeout(done, 400))`;
  const source = ["a", "b", "c", "d"].map((name) => `test("${name}", () => ${third});`).join(" ");
  assert.is(runnerOn(`${source} test.run();`).closing, "4 passed, 0 failed, 0 skipped");
});

test("a hanging hook fails its file and reports after which test", () => {
  const result = runnerOn(`test("a", () => {}); test.after(() => new Promise(() => {})); test.run();`);
  assert.is(result.status, 1);
  assert.match(result.stdout, /still running after 2 s: \S*a\.test\.mjs, after a/);
});

test("--names prints every test with its time, and failed and skipped tests too", () => {
  const { stdout } = runnerOver(
    {
      "a.test.mjs": `const s = suite("s"); s("a", () => {}); s("b", () => assert.ok(false)); s.skip("c", () => {}); s.run();`,
    },
    ["--names"],
  );
  assert.match(stdout, /✓ s › a {2}\d+ ms\n.*✗ s › b {2}\d+ ms\n/);
  assert.match(stdout, /SKIP \S+a\.test\.mjs › s › c\n/);
});

const missing = `const missing = () => { throw Object.assign(new Error("x is missing"), { code: "MISSING_PROGRAM" }); };`;
const needing = {
  "a test": [
    `${missing} test("a", missing); test("b", () => {}); test.run();`,
    "1 passed, 0 failed, 1 skipped",
  ],
  "a hook": [
    `${missing} test.before(missing); test.after(() => assert.ok(false)); test("a", () => {}); test("b", () => {}); test.run();`,
    "0 passed, 0 failed, 2 skipped",
  ],
  "a file": [`${missing} missing();`, "0 passed, 0 failed, 1 skipped"],
};
for (const [name, [source, closing]] of Object.entries(needing)) {
  test(`${name} that needs a missing program is skipped with the reason, and fails on CI`, () => {
    const result = runnerOn(source);
    assert.is(result.closing, closing, result.stdout);
    assert.match(result.stdout, /SKIP \S+a\.test\.mjs › .*x is missing/);
    assert.is(result.status, 0);
    assert.is(runnerOver({ "a.test.mjs": source }, [], { CI: "true" }).status, 1);
  });
}

test.run();
