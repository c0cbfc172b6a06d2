import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RunReport } from "../../../engine/model/event.ts";
import { observable } from "../../../engine/run/suite.ts";
import type { ClientOptions } from "./client-options.ts";
import type { ConnectAdapter } from "./link.ts";
import { clientSuite, runClient } from "./suite.ts";
import { CLIENT_TESTS } from "./tests/all.ts";

async function reportOn(options: ClientOptions): Promise<RunReport> {
  for await (const event of runClient(options)) if (event.type === "run-finished") return event.report;
  throw new Error("no report");
}

/** A command that prints these lines and then waits for its input to end. */
function saying(...lines: readonly string[]): string {
  const code = `for (const line of ${JSON.stringify(lines)}) console.log(line); process.stdin.resume()`;
  return `node -e '${code}'`;
}

const HELLO = JSON.stringify({
  type: "hello",
  contract: 1,
  name: "x",
  version: "1",
  language: "none",
  mechanisms: ["sse"],
  capabilities: [],
});

test("every observable client requirement has a test, and tests name no other requirement", () => {
  const wanted = observable(clientSuite).map(({ id }) => id);
  const shown = CLIENT_TESTS.flatMap(({ requirements }) => requirements);
  assert.equal([...new Set(shown)].sort(), [...wanted].sort());
});

test("test ids are unique, and each names something that the test needs", () => {
  const ids = CLIENT_TESTS.map(({ id }) => id);
  assert.is(new Set(ids).size, ids.length);
  for (const { id, needs } of CLIENT_TESTS) {
    const [, subject = ""] = id.split("/");
    assert.ok((needs as readonly string[]).includes(subject), id);
  }
});

test("an adapter that ends at once leads to no verdict, with its last words", async () => {
  const { verdict } = await reportOn({
    adapter: `node -e 'console.error("no such client"); process.exit(7)'`,
  });
  assert.match(
    verdict.line,
    /^NO VERDICT: the adapter did not say hello: it ended with exit code 7; its last words:\nno such/,
  );
  assert.is(verdict.exitCode, 3);
});

test("an adapter that speaks no JSON, or another contract version, leads to no verdict", async () => {
  const babble = await reportOn({ adapter: saying("Hello!") });
  assert.match(babble.verdict.line, /^NO VERDICT: the adapter did not say hello: invalid line/);
  const other = await reportOn({ adapter: saying(HELLO.replace('"contract":1', '"contract":9')) });
  assert.is(
    other.verdict.line,
    "NO VERDICT: the adapter speaks version 9 of the contract, this suite version 1",
  );
});

test("a stopped run does not wait for the adapter", async () => {
  const interrupt = new AbortController();
  let verdict = "";
  for await (const event of runClient({ adapter: saying(), signal: interrupt.signal })) {
    if (event.type === "run-started") setTimeout(() => interrupt.abort(), 50);
    if (event.type === "run-finished") verdict = event.report.verdict.line;
  }
  assert.is(verdict, "NO VERDICT: the adapter did not say hello: the run was stopped");
});

test("the adapter's last words are reported after it has ended", async () => {
  const adapter = `node -e 'console.log(JSON.stringify(${HELLO})); console.error("in a thread: oh"); process.stdin.resume()'`;
  const said: string[] = [];
  const run = ["client/sse/decodes-lf"];
  await reportOn({ adapter, run, patienceMs: 100, onLastWords: (words) => said.push(words) });
  assert.equal(said, ["in a thread: oh"]);
  await reportOn({ adapter: saying(HELLO), run, patienceMs: 100, onLastWords: (words) => said.push(words) });
  assert.is(said.length, 1);
});

test("an invalid line after the hello leaves the tests undecided", async () => {
  const adapter = saying(HELLO, '{"type":"message","id":"r1"}');
  const { tests, verdict } = await reportOn({ adapter, run: ["client/sse/decodes-lf"] });
  assert.match(tests[0]?.detail ?? "", /the adapter is gone: invalid line .*must have required property 'n'/);
  assert.is(verdict.exitCode, 3);
});

/** Blocks the whole process, then reads a stream once and delivers something else. */
function liar(standstillMs: number): ConnectAdapter {
  return ({ told }) => {
    told(JSON.parse(HELLO));
    return {
      send(order): void {
        if (order.type !== "open") return;
        const { id, url } = order;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, standstillMs);
        void fetch(url).then(async (answer) => {
          await answer.body?.cancel();
          told({ type: "message", id, n: 1, data: "a lie" });
          told({ type: "done", id });
        });
      },
      close: async () => undefined,
    };
  };
}

test("a client is blamed, unless the machine stalled", async () => {
  const run = ["client/sse/decodes-a-large-event"];
  let blamed = await reportOn({ adapter: liar(0), run });
  // A busy machine can stall by itself; then the test decides nothing and has to run again.
  while (blamed.tests[0]?.requirements[0]?.reason === "LAGGED")
    blamed = await reportOn({ adapter: liar(0), run });
  assert.is(blamed.tests[0]?.outcome, "fail");
  const excused = await reportOn({ adapter: liar(1_100), run });
  assert.is(excused.tests[0]?.outcome, "inconclusive");
  assert.is(excused.tests[0]?.requirements[0]?.reason, "LAGGED");
  assert.match(excused.tests[0]?.requirements[0]?.detail ?? "", /^this process was \d{4,} ms late itself$/);
});

test("requirements that a run did not select are reported as filtered, not as untested", async () => {
  const { summary } = await reportOn({
    adapter: saying(HELLO),
    run: ["client/sse/decodes-lf"],
    patienceMs: 100,
  });
  const [reasons, others] = [new Set(), new Set()];
  for (const { requirement, why } of summary?.requirements ?? [])
    for (const one of why) (requirement === "SSE-CLIENT-2" ? reasons : others).add(one);
  assert.equal([...reasons], ["PRECONDITION_FAILED"]);
  assert.equal([...others], ["FILTERED"]);
});

test("a test whose mechanism or capability the client does not claim is n/a", async () => {
  const { tests } = await reportOn({ adapter: saying(HELLO), run: ["client/poll", "client/publish"] });
  assert.ok(tests.length > 10);
  assert.ok(tests.every(({ outcome }) => outcome === "n/a"));
});

test.run();
