import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { serving } from "../../packages/server/test/tidemark-command.ts";
import { openStream } from "../../testing/servers/event-source.ts";
import { ensureProgram } from "../../tools/ensure.mjs";
import { type Prometheus, questions, type Sample, startPrometheus } from "./prometheus.ts";

const PRODUCTION = fileURLToPath(new URL("../../examples/production/", import.meta.url));

/** How long Prometheus may take to see something, in milliseconds; only a failure takes this long. */
const GRACE_MS = 60_000;

/** What each answer has to contain, after what {@link causeAll} has done. */
const EXPECTED: readonly ((samples: readonly Sample[]) => boolean)[] = [
  (samples) => valueAt(samples, "kind", "streams") === 2 && valueAt(samples, "kind", "held polls") === 1,
  (samples) =>
    (valueAt(samples, "class", "big") ?? 0) > 0 && valueAt(samples, "class", "other") === undefined,
  (samples) => (valueAt(samples, "class", "big") ?? 0) > 0,
  (samples) => (valueAt(samples, "reason", "client") ?? 0) > 0,
  ([sample]) => between(Number(sample?.value[1]), 0, 10),
  (samples) => between(valueAt(samples, "operation", "append"), 0, 10),
  (samples) => samples.length === 0,
  (samples) =>
    (valueAt(samples, "reason", "gap") ?? 0) > 0 && (valueAt(samples, "reason", "not-at-end") ?? 0) > 0,
  (samples) => (valueAt(samples, "class", "big") ?? 0) > 0,
  ([sample]) => between(Number(sample?.value[1]), 0, 100),
];

function valueAt(samples: readonly Sample[], label: string, value: string): number | undefined {
  const found = samples.find(({ metric }) => metric[label] === value);
  return found && Number(found.value[1]);
}

function between(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && value >= least && value <= most;
}

function publish(url: string, data: unknown, members: object = {}): Promise<Response> {
  const body = JSON.stringify({ messages: [{ data }], ...members });
  return fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });
}

/** A reader that takes no bytes, a held poll, a stream that goes on, and refusals. Returns a function that goes on. */
async function causeAll(base: string) {
  const stuck = connect(Number(new URL(base).port), "127.0.0.1").pause();
  stuck.on("error", () => undefined); // the end of the test cuts it
  stuck.write(
    `GET ${new URL(base).pathname}big HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`,
  );
  const open = await openStream(`${base}small`);
  const { cursor } = (await (await fetch(`${base}quiet`)).json()) as { cursor: string };
  const held = fetch(`${base}quiet?wait=60&after=${cursor}`).catch(() => undefined); // cut at the end of the test
  for (let i = 0; i < 24; i += 1) await publish(`${base}big`, "x".repeat(512 * 1_024));
  const step = async (): Promise<void> => {
    await publish(`${base}big`, 1);
    await publish(`${base}small`, 1);
    await fetch(`${base}small?after=${cursor}`); // a gap: the cursor of another channel
    await publish(`${base}small`, 1, { after: cursor });
    const left = await openStream(`${base}small`);
    await left.event();
    left.close();
  };
  const end = (): void => {
    stuck.destroy();
    open.close();
  };
  return { step, end, held };
}

async function untilAll(prometheus: Prometheus, step: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + GRACE_MS;
  for (;;) {
    await step();
    const wrong: string[] = [];
    for (const [index, [question, query]] of questions().entries()) {
      const samples = await prometheus.ask(query);
      if (EXPECTED[index]?.(samples) !== true) wrong.push(`${question} ${JSON.stringify(samples)}`);
    }
    if (wrong.length === 0) return;
    assert.ok(performance.now() < deadline, wrong.join("\n"));
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

test("Prometheus answers the ten questions of the guide", async () => {
  assert.is(questions().length, 10);
  await serving(["--metrics-port", "0", "--metrics-class", "big=big*"], async (base, { output }) => {
    const own = /^metrics and health checks on http:\/\/(.*)$/m.exec(output.stdout)?.[1] ?? "";
    const prometheus = await startPrometheus([own]);
    try {
      const { step, end } = await causeAll(base);
      await untilAll(prometheus, step);
      end();
    } finally {
      await prometheus.close();
    }
  });
});

test("promtool accepts the alert rules, and the configuration", async () => {
  const promtool = join(dirname(ensureProgram("prometheus")), "promtool");
  const check = (...args: readonly string[]) =>
    execFileSync(promtool, args, { encoding: "utf8", stdio: "pipe" });
  assert.match(check("check", "rules", `${PRODUCTION}alerts.yaml`), /SUCCESS: \d+ rules found/);
  assert.match(check("check", "config", `${PRODUCTION}prometheus.yml`), /SUCCESS/);
});

test("promtool finds nothing to say against the names and types of our metrics", () =>
  serving(["--metrics"], async (base) => {
    const promtool = join(dirname(ensureProgram("prometheus")), "promtool");
    const child = spawn(promtool, ["check", "metrics"]);
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (chunk) => (said += chunk));
    child.stdin.end(await (await fetch(new URL("/metrics", base))).text());
    await once(child, "close");
    const ours = said.split("\n").filter((line) => line.startsWith("tidemark_"));
    assert.equal(ours, []);
  }));

test.run();
