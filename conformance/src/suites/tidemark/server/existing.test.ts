// Where the suite may not publish, it uses the messages that a channel has.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RunReport } from "../../../engine/model/event.ts";
import { type PythonServer, pythonServer } from "../../../testing/python-server.ts";
import { runServer } from "./suite.ts";

const existing = suite("existing messages");
let server: PythonServer;

existing.before(async () => {
  server = await pythonServer(["--heartbeat", "1"]);
});
existing.after(() => server.close());

const urlOf = (name: string): string => server.url.replace("{channel}", name);

async function publish(name: string, count: number): Promise<void> {
  const messages = Array.from({ length: count }, (_, n) => ({ data: `existing ${n}` }));
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ messages });
  const { status } = await fetch(urlOf(name), { method: "POST", headers, body });
  assert.is(status, 200);
}

async function reportOn(name: string): Promise<RunReport> {
  for await (const event of runServer({ url: urlOf(name), seed: 1 }))
    if (event.type === "run-finished") return event.report;
  throw new Error("the run ended without a report");
}

function outcomes({ tests }: RunReport, outcome: string): string[] {
  return tests.filter((test) => test.outcome === outcome).map(({ id }) => id);
}

existing("of a channel with 300 messages, the last ones are read by every mechanism", async () => {
  await publish("many", 300);
  const [none, many] = await Promise.all([reportOn("none"), reportOn("many")]);
  assert.equal([outcomes(none, "fail"), outcomes(many, "fail")], [[], []]);
  const more = outcomes(many, "pass").filter((id) => !outcomes(none, "pass").includes(id));
  assert.is(more.length, 23, more.join("\n"));
  const why = none.tests.find(({ id }) => id === "server/polling/page-holds-what-follows");
  assert.match(why?.detail ?? "", /may not publish, and the channel has 0 messages; this takes 5/);
});

existing("of a channel to which others publish, nothing is blamed", async () => {
  await publish("busy", 20);
  const timer = setInterval(() => void publish("busy", 1), 10);
  const report = await reportOn("busy");
  clearInterval(timer);
  assert.equal(outcomes(report, "fail"), []);
  const undecided = report.tests.filter(({ detail }) => /somebody else published/.test(detail ?? ""));
  assert.ok(undecided.length > 0, "no test noticed");
});

existing.run();
