import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { notBefore, same, within } from "../../../engine/model/claim.ts";
import type { TestResult } from "../../../engine/model/result.ts";
import { LagMonitor } from "../../../engine/run/lag.ts";
import { type RunEnvironment, runTest } from "../../../engine/run/run-test.ts";
import { createRedactor, parseExtraHeader } from "../../../engine/wire/secrets.ts";
import { answer, scriptedServer } from "../../../testing/scripted-server.ts";
import { tidemarkLedger } from "../ledger.ts";
import type { TestContext } from "./context/context.ts";
import type { Need, TestDefinition } from "./definition.ts";
import { foundTarget, serverSuite } from "./suite.ts";
import type { Target } from "./target.ts";

const CANARY = "canary-9c1f";

/** Run a test against a server that answers everything with an empty object, and echoes the request. */
async function outcomeOf(
  run: (t: TestContext) => Promise<void>,
  partial: Partial<TestDefinition> = {},
  env: Partial<RunEnvironment<TestContext, Need>> = {},
): Promise<TestResult> {
  const server = await scriptedServer((request, socket) =>
    socket.end(
      answer(
        "200 OK",
        ["Content-Type: application/json", "Connection: close"],
        JSON.stringify({ raw: request.raw }),
      ),
    ),
  );
  const headers = [parseExtraHeader("Authorization: env:T", { T: CANARY })];
  const target: Target = {
    template: `${server.origin}/{channel}`,
    claims: {
      version: 1,
      mechanisms: ["poll"],
      maxWaitS: undefined,
      maxLimit: undefined,
      heartbeatS: undefined,
      keyTtlS: undefined,
      publish: true,
      event: false,
    },
    claimed: "v=1",
    mechanisms: ["poll"],
    allowed: "publish",
    implicit: true,
    headers,
    redact: createRedactor(headers),
    insecure: false,
  };
  const definition: TestDefinition = {
    id: "server/x/y",
    title: "x",
    requirements: ["CORE-GAP-1"],
    run,
    ...partial,
  };
  const environment: RunEnvironment<TestContext, Need> = {
    found: foundTarget(target, (_, n) => `c${n}`),
    ledger: tidemarkLedger,
    lag: new LagMonitor(),
    seed: 1,
    strict: false,
    testLimitMs: serverSuite.testLimitMs,
    signal: new AbortController().signal,
    redact: target.redact,
    ...env,
  };
  const { result } = await runTest(definition, environment);
  await server.close();
  return result;
}

test("a check decides pass, fail, warn for a SHOULD, or info for a MAY", async () => {
  const outcome = async (id: string, ok: boolean, strict = false): Promise<string> =>
    (await outcomeOf(async (t) => void t.check(id, same("x", ok, true)), { requirements: [id] }, { strict }))
      .outcome;
  assert.is(await outcome("CORE-GAP-1", true), "pass");
  assert.is(await outcome("CORE-GAP-1", false), "fail");
  assert.is(await outcome("CORE-GAP-6", false), "warn");
  assert.is(await outcome("CORE-GAP-6", false, true), "fail");
  assert.is(await outcome("CORE-CHANNEL-2", false), "info");
});

test("only the checked requirement is blamed", async () => {
  const result = await outcomeOf(
    async (t) => {
      t.check("CORE-GAP-1", same("x", 1, 2));
      t.check("CORE-GAP-2", same("y", 1, 1));
    },
    { requirements: ["CORE-GAP-1", "CORE-GAP-2"] },
  );
  assert.equal(
    result.requirements.map(({ outcome }) => outcome),
    ["fail", "pass"],
  );
});

test("a requirement that was never checked is NO_DATA, not a pass", async () => {
  const result = await outcomeOf(async () => undefined);
  assert.is(result.outcome, "inconclusive");
  assert.is(result.reason, "NO_DATA");
});

test("a failed precondition or control decides nothing; a test that needs an unavailable action is not run", async () => {
  const need = await outcomeOf(async (t) => t.need(same("x", 1, 2)));
  assert.equal([need.outcome, need.reason], ["inconclusive", "PRECONDITION_FAILED"]);
  const control = await outcomeOf(async (t) => t.control(same("x", 1, 2)));
  assert.equal([control.outcome, control.reason], ["inconclusive", "CONTROL_FAILED"]);
  const publish = await outcomeOf((t) => t.publish(t.channel(), []));
  assert.equal([publish.outcome, publish.reason], ["not-run", "NEEDS_PUBLISH"]);
  const provoked = await outcomeOf((t) => t.provoke((control, context) => control.restart?.(context)));
  assert.equal([provoked.outcome, provoked.reason], ["not-run", "NEEDS_PROVOKE"]);
});

test("an error of the suite is an error, and blames no requirement", async () => {
  const thrown = await outcomeOf(() => Promise.reject(new TypeError("ours")));
  assert.is(thrown.outcome, "error");
  assert.not.ok(thrown.requirements.some(({ outcome }) => outcome === "fail"));
  const undeclared = await outcomeOf(async (t) => void t.check("CORE-GAP-2", same("x", 1, 1)));
  assert.is(undeclared.outcome, "error");
});

test("a test of what is not claimed is n/a; a test of what the suite cannot do is not run", async () => {
  const sse = await outcomeOf(async () => undefined, { needs: ["sse"] });
  assert.is(sse.outcome, "n/a");
  const provoke = await outcomeOf(async () => undefined, { needs: ["provoke"] });
  assert.equal([provoke.outcome, provoke.reason], ["not-run", "NEEDS_PROVOKE"]);
  const applies = await outcomeOf(async (t) => t.notApplicable("no ETag"));
  assert.is(applies.outcome, "n/a");
});

test("if the process lags, upper bounds decide nothing, and everything else decides as usual", async () => {
  const lag = new LagMonitor();
  lag.start();
  const stall = (): void => {
    const until = Date.now() + 400;
    while (Date.now() < until);
  };
  const timed = await outcomeOf(
    async (t) => {
      stall();
      t.check("CORE-GAP-1", within("x", 500, 100));
    },
    {},
    { lag },
  );
  assert.equal([timed.outcome, timed.reason], ["inconclusive", "LAGGED"]);
  const plain = await outcomeOf(
    async (t) => {
      stall();
      t.check("CORE-GAP-1", same("x", 1, 2));
    },
    {},
    { lag },
  );
  assert.is(plain.outcome, "fail");
  lag.stop();
});

test("a minimum that only a stall of this process reached decides nothing", async () => {
  const lag = new LagMonitor();
  lag.start();
  await delay(50); // the first sample
  const stalled = await outcomeOf(
    async (t) => {
      const from = performance.now();
      const until = Date.now() + 400;
      while (Date.now() < until);
      t.check("CORE-GAP-1", notBefore("x", { from, to: performance.now() }, 380));
    },
    {},
    { lag },
  );
  assert.equal([stalled.outcome, stalled.reason], ["inconclusive", "LAGGED"]);
  // A busy machine may stall this process at any time, but not forever.
  for (let outcome = ""; outcome !== "pass"; ) {
    const waited = await outcomeOf(
      async (t) => {
        const from = performance.now();
        await delay(400);
        t.check("CORE-GAP-1", notBefore("x", { from, to: performance.now() }, 380));
      },
      {},
      { lag },
    );
    ({ outcome } = waited);
    assert.is.not(outcome, "fail");
  }
  const early = await outcomeOf(
    async (t) => {
      t.check("CORE-GAP-1", notBefore("x", { from: 0, to: 10 }, 5_000));
    },
    {},
    { lag },
  );
  assert.is(early.outcome, "fail");
  lag.stop();
});

test("a secret is sent, but is in no part of the result, even if it is echoed", async () => {
  const result = await outcomeOf(async (t) => {
    const exchange = await t.get(t.channel());
    t.need(same("the echo has the secret", exchange.text.includes(CANARY), true));
    t.note(exchange.text);
    t.check("CORE-GAP-1", same("body", exchange.text, "{}"));
  });
  assert.is(result.outcome, "fail");
  assert.not.match(JSON.stringify(result), CANARY);
  assert.match(result.curl ?? "", '"Authorization: ""$T"'.replaceAll('"', "").slice(0, 13));
});

test("an aborted run stops a waiting test", async () => {
  const stop = new AbortController();
  const result = outcomeOf(
    (t) =>
      new Promise((_, reject) => {
        stop.signal.addEventListener("abort", () => reject(new Error("stopped")));
        t.note("waiting");
        stop.abort("BUDGET");
      }),
    {},
    { signal: stop.signal },
  );
  assert.equal([(await result).outcome, (await result).reason], ["not-run", "BUDGET"]);
});

test("a test that takes too long because of the target is not an error of the suite", async () => {
  const result = await outcomeOf(
    async (t) => {
      const channel = t.channel();
      for (;;) await t.get(channel);
    },
    { waitsMs: 100 - serverSuite.testLimitMs },
  );
  assert.is(result.outcome, "inconclusive");
  assert.is(result.reason, "PRECONDITION_FAILED");
  assert.match(result.detail ?? "", /^stopped after 0\.1 s: the target answers too late/);
});

test.run();
