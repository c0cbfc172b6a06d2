// Runs the suite on the server of web requests and responses in every runtime, and installs missing ones.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { violated } from "../src/judge/report.ts";
import { installRuntime, RUNTIMES, type RuntimeName } from "../src/matrix/programs.ts";
import { conformIn } from "../src/runtimes/conform-web-server.ts";

for (const name of Object.keys(RUNTIMES) as RuntimeName[])
  test(`the web server on ${name} violates nothing`, async () => {
    const report = await conformIn(await installRuntime(name));
    console.log(`${name}: ${report.verdict.line}`);
    assert.equal(violated(report), [], report.verdict.line);
    assert.is(report.verdict.exitCode, 0, report.verdict.line);
  });

test.run();
