// A server that was written from the specification alone conforms: neither it nor the suite knows our packages.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ensureProgram } from "../../tools/ensure.mjs";
import { reportOn } from "./judge/report.ts";
import { startPython } from "./servers.ts";

const FOLDER = fileURLToPath(new URL("../../examples/python-server", import.meta.url));

test("the Python server violates nothing", async () => {
  const server = await startPython();
  try {
    const { verdict, summary, tests } = await reportOn({ url: server.url, seed: 1, strict: true });
    const failed = tests
      .filter(({ outcome }) => outcome === "fail" || outcome === "warn")
      .map(({ id }) => id);
    assert.equal(failed, []);
    assert.is(verdict.exitCode, 0, verdict.line);
    assert.ok((summary?.must.verified ?? 0) > 100, verdict.line);
  } finally {
    await server.close();
  }
});

test("its own tests pass: the vectors, the examples, and what it does at its edges", async () => {
  const args = ["-m", "unittest", "discover", "."];
  const stdio = ["ignore", "ignore", "pipe"] as const;
  const tests = spawn(ensureProgram("python3"), args, { cwd: FOLDER, stdio: [...stdio] });
  const [output, [code]] = await Promise.all([text(tests.stderr), once(tests, "exit")]);
  assert.is(code, 0, output);
  assert.ok(Number(/^Ran (\d+) tests/m.exec(output)?.[1]) > 40, output);
  assert.match(output, /^OK$/m); // without `(skipped=…)`
});

test.run();
