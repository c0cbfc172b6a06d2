import { setTimeout as delay } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Driver } from "../../../engine/drive/driver.ts";
import type { TestResult } from "../../../engine/model/result.ts";
import { type PythonServer, pythonServer } from "../../../testing/python-server.ts";
import { protocolDriver } from "./protocol-driver.ts";
import { runServer, serverTests } from "./suite.ts";

const slow = suite("a slow server is not a broken one");
let server: PythonServer;
let late: Promise<unknown> = Promise.resolve();

slow.before(async () => {
  server = await pythonServer(["--max-wait", "2"]);
});
slow.after(async () => {
  await late;
  await server.close();
});

const WAKES = "server/long-polling/wakes-on-publish";

/** The wait of a hold is 2 s: this is too late to end it in time, and this is after its end. */
const LATE_MS = 1_700;
const AFTER_MS = 2_500;

/** A driver that takes a while to publish the message that should wake a reader, in the first `times` attempts. */
function delaying(ms: number, times: number): Driver {
  return {
    ...protocolDriver,
    name: "delaying",
    async publish(channel, drafts, context) {
      if (drafts[0]?.json === '"wake"' && times-- > 0) await delay(ms);
      await protocolDriver.publish(channel, drafts, context);
    },
  };
}

/** A driver that confirms that message before it publishes it, in the first `times` attempts. */
function hasty(ms: number, times: number): Driver {
  return {
    ...protocolDriver,
    name: "hasty",
    async publish(channel, drafts, context) {
      if (drafts[0]?.json !== '"wake"' || times-- <= 0)
        return protocolDriver.publish(channel, drafts, context);
      const publish = delay(ms).then(() => protocolDriver.publish(channel, drafts, context));
      late = Promise.allSettled([late, publish]); // it fails if the run is over by then
    },
  };
}

async function resultOf(driver: Driver): Promise<TestResult> {
  let result: TestResult | undefined;
  for await (const event of runServer({ url: server.url, run: [WAKES], driver }))
    if (event.type === "test-finished") result = event.result;
  if (result === undefined) throw new Error("no result");
  return result;
}

slow("a publish that came after the hold decides nothing, and the test is retried", async () => {
  const { outcome, reason, notes } = await resultOf(delaying(AFTER_MS, 1));
  assert.match(notes.at(-1) ?? "", /^retried; the first attempt was inconclusive: LAGGED/);
  if (reason !== "LAGGED") assert.is(outcome, "pass");
});

slow("if it comes too late again, the server is not blamed", async () => {
  const { outcome, reason, detail } = await resultOf(delaying(AFTER_MS, 2));
  assert.equal([outcome, reason], ["inconclusive", "LAGGED"]);
  assert.match(detail ?? "", /^what should end the hold was done after 2\.\d s of 2\.0 s$/);
});

slow("an answer that came too late once is excused by a second attempt", async () => {
  const { outcome, reason, notes } = await resultOf(hasty(LATE_MS, 1));
  assert.match(notes.at(-1) ?? "", /^retried; the first attempt was/);
  if (reason !== "LAGGED") assert.is(outcome, "pass");
});

slow("an answer that comes too late twice is a failure", async () => {
  const { outcome, reason } = await resultOf(hasty(LATE_MS, 2));
  if (reason !== "LAGGED") assert.is(outcome, "fail");
});

slow("in a test framework too, a test that is in doubt is retried", async () => {
  const [test] = serverTests({ url: server.url, run: [WAKES], driver: delaying(AFTER_MS, 1) });
  const result = await test?.run();
  assert.match(result?.notes.at(-1) ?? "", /^retried; the first attempt was inconclusive: LAGGED/);
  if (result?.reason !== "LAGGED") assert.is(result?.outcome, "pass");
});

slow.run();
