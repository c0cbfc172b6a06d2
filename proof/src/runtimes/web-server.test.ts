// The server of web requests and responses conforms on Node. prove/web-servers.test.ts has the other runtimes.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { violated } from "../judge/report.ts";
import { conformIn } from "./conform-web-server.ts";

test("the web server on Node violates nothing", async () => {
  const report = await conformIn([process.execPath]);
  assert.equal(violated(report), [], report.verdict.line);
  assert.is(report.verdict.exitCode, 0, report.verdict.line);
});

test.run();
