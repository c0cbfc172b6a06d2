// A client that was written from the specification alone conforms. Neither it nor the suite uses our packages.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ensureProgram } from "../../tools/ensure.mjs";
import { mainOf } from "../../tools/launch.mjs";

test("the Python client violates nothing", async () => {
  const adapter = fileURLToPath(new URL("../../examples/python-client/adapter.py", import.meta.url));
  const args = ["client", "--adapter", `${ensureProgram("python3")} ${adapter}`, "--reporter", "json"];
  const suite = spawn(process.execPath, [...mainOf("conformance"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output, [code]] = await Promise.all([text(suite.stdout), once(suite, "exit")]);
  const { verdict, tests } = JSON.parse(output) as {
    readonly verdict: { readonly line: string };
    readonly tests: readonly { readonly id: string; readonly outcome: string }[];
  };
  const bad = tests.filter(({ outcome }) => ["fail", "warn", "error"].includes(outcome)).map(({ id }) => id);
  assert.equal(bad, [], verdict.line);
  assert.is(code, 0, verdict.line);
  assert.ok(tests.filter(({ outcome }) => outcome === "pass").length > 100, verdict.line);
});

test.run();
