import { suite } from "uvu";
import * as assert from "uvu/assert";
import { NoVerdict } from "../../../engine/run/suite.ts";
import { ConformanceFailure } from "../../../engine/run/suite-tests.ts";
import { type FlawedProxy, flawedProxy } from "../../../testing/flawed-proxy.ts";
import { type PythonServer, pythonServer } from "../../../testing/python-server.ts";
import type { ServerOptions } from "./options.ts";
import { serverTests } from "./suite.ts";

const importable = suite("the suite in a test framework");
const NOSNIFF = "server/core/bodies-are-nosniff";
let server: PythonServer;
let broken: FlawedProxy;

importable.before(async () => {
  server = await pythonServer(["--max-wait", "2"]);
  broken = await flawedProxy(server.origin, "nosniff", "nosnort");
});
importable.after(async () => {
  await broken.close();
  await server.close();
});

/** Run one test by its id. */
async function runOne(id: string, options: ServerOptions) {
  const [test] = serverTests({ ...options, run: [id] });
  assert.is(test?.id, id);
  return test?.run();
}

async function failureOf(id: string, options: ServerOptions): Promise<ConformanceFailure> {
  try {
    await runOne(id, options);
  } catch (error) {
    if (error instanceof ConformanceFailure) return error;
    throw error;
  }
  throw new Error("it did not throw");
}

importable("a test resolves to its result", async () => {
  const result = await runOne(NOSNIFF, { url: server.url });
  assert.is(result?.outcome, "pass");
});

importable("a violation throws its whole report", async () => {
  const { message, result } = await failureOf(NOSNIFF, { url: `${broken.origin}/channels/{channel}` });
  assert.match(message, /CORE-PROBLEM-4 \(MUST\)[\s\S]*actual: +"nosnort"[\s\S]*curl -[\s\S]*replay: npx /);
  assert.is(result.outcome, "fail");
});

importable("a known failure does not throw, but an outdated entry does", async () => {
  const baseline = [{ test: NOSNIFF, reason: "next week" }];
  const result = await runOne(NOSNIFF, { url: `${broken.origin}/channels/{channel}`, baseline });
  assert.is(result?.known?.reason, "next week");
  const { message } = await failureOf(NOSNIFF, { url: server.url, baseline });
  assert.match(message, /is stale/);
});

importable("an undecided test throws only under requireComplete", async () => {
  const id = "server/polling/page-with-messages";
  const readOnly: ServerOptions = { url: server.url, allow: "observe" };
  assert.is((await runOne(id, readOnly))?.outcome, "not-run");
  const { message } = await failureOf(id, { ...readOnly, requireComplete: true });
  assert.match(message, `NOT-RUN ${id}`);
});

importable("without a verdict, every test throws", async () => {
  const tests = serverTests({ url: "http://127.0.0.1:9/{channel}", run: ["server/polling/*"], ahead: true });
  const ends = await Promise.allSettled(tests.slice(0, 3).map((test) => test.run()));
  for (const end of ends) assert.instance(end.status === "rejected" && end.reason, NoVerdict);
});

importable("ahead: tests that are run one by one overlap", async () => {
  const begun = performance.now();
  const results = [];
  for (const test of serverTests({ url: server.url, run: ["server/long-polling/*"], ahead: true }))
    results.push(await test.run());
  const wallMs = performance.now() - begun;
  const sumMs = results.reduce((sum, { durationMs }) => sum + durationMs, 0);
  assert.ok(results.filter(({ outcome }) => outcome === "pass").length > 10);
  assert.ok(sumMs > wallMs, `${sumMs} ms of tests in ${wallMs} ms`);
});

importable.run();
