// A server that was written from the specification alone conforms. Neither it nor the suite uses our packages.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { reportOn } from "./judge/report.ts";
import { startPython } from "./servers.ts";
import { runUnittest } from "./unittest.ts";

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

test("the Python server's own tests pass: the vectors, the examples and the edge cases", async () => {
  const { code, ran, output } = await runUnittest("python-server");
  assert.is(code, 0, output);
  assert.ok(ran > 40, output);
});

test.run();
