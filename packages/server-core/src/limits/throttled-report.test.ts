import { ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../../testing/servers/serving.ts";
import { throttledReport } from "./throttled-report.ts";

/** An error whose message contains text from a client. */
const fault = (text: string): Error => new TypeError(text);

test("a problem is one line for all channels, then its count, and is reported again after the interval", async () => {
  const said: string[] = [];
  const report = throttledReport((text) => said.push(text), { intervalMs: 50 });
  const away = new ProtocolError("unavailable", "The engine is away");
  for (let n = 0; n < 20; n += 1) report(away);
  report(new ProtocolError("storage-full", "Full"));
  assert.equal(said, ["tidemark: [unavailable] The engine is away", "tidemark: [storage-full] Full"]);
  await until(() => said.length === 3, "the count");
  assert.is(said[2], 'tidemark: 19 more of the kind "unavailable" within 0.05 s');
  report(away);
  assert.is(said.length, 4);
});

test("any other error is reported with its stack, five times, whatever its message is", async () => {
  const said: string[] = [];
  const report = throttledReport((text) => said.push(text), { intervalMs: 50 });
  for (let n = 0; n < 1_000; n += 1) report(fault(`Invalid URL ${n}`));
  assert.is(said.length, 5);
  assert.match(said[4] ?? "", /^TypeError: Invalid URL 4\n\s+at /);
  report("another kind");
  assert.is(said[5], "another kind");
  await until(() => said.length === 7, "the count");
  assert.match(said[6] ?? "", /^tidemark: 995 more of the kind "TypeError at fault/);
});

test("the output is bounded, however many kinds of errors there are", () => {
  let said = 0;
  const report = throttledReport(() => (said += 1));
  for (let n = 0; n < 10_000; n += 1) report(Object.assign(new Error("x"), { code: `CODE_${n}` }));
  assert.ok(said <= 505, `${said} lines`);
});

test.run();
