// Each broken intermediary is identified by the right line of a path's report, and by no other line.
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Origin, startOrigin } from "../src/path/origin/origin.ts";
import type { PathReport } from "../src/path/run-path.ts";
import { runPath } from "../src/path/run-path.ts";
import { ANSWER_FAULTS } from "../src/testing/intermediaries/answers.ts";
import { BODY_FAULTS } from "../src/testing/intermediaries/bodies.ts";
import { type Hooks, intermediary } from "../src/testing/intermediaries/intermediary.ts";

const test = suite("broken intermediaries");
/** Longer than the limits of the intermediaries, and as short as that allows. */
const IDLE_MS = 10_000;
/** Runs at once: they wait most of their time. */
const AT_ONCE = 8;

interface Row {
  readonly line: string;
  readonly says: RegExp;
  readonly hooks: () => Hooks;
}

const ROWS: readonly (readonly [string, Row])[] = [
  ...Object.entries(BODY_FAULTS).map(([name, row]) => [name, { ...row, hooks: () => row.hooks }] as const),
  ...Object.entries(ANSWER_FAULTS),
].sort(([a], [b]) => Number(b.startsWith("delays")) - Number(a.startsWith("delays"))); // these take longest

let origin: Origin;
test.before(async () => {
  origin = await startOrigin({ limits: { connections: 2_000, bytes: Number.MAX_SAFE_INTEGER } });
});
test.after(() => origin.close());

function measure(port: number): Promise<PathReport> {
  const base = new URL(`http://127.0.0.1:${port}/probe`);
  return runPath({ base, token: origin.token, insecure: false, headers: {}, idleMs: IDLE_MS });
}

/** The lines that say that something is wrong. */
function complaints({ answers }: PathReport): string[] {
  return answers
    .filter(({ standing }) => standing === "fault" || standing === "note")
    .map(({ id, text }) => `${id}: ${text}`);
}

const only = process.env.INTERMEDIARY ?? "";
const results = new Map<string, Promise<PathReport>>();
const waiting: (() => Promise<unknown>)[] = [];

function start(name: string, hooks: () => Hooks): Promise<PathReport> {
  const result = new Promise<PathReport>((resolve, reject) => {
    waiting.push(async () => {
      const between = await intermediary(origin.port, hooks());
      await measure(between.port).then(resolve, reject);
      await between.close();
    });
  });
  results.set(name, result);
  return result;
}

async function work(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) await next();
}

test("a plain TCP forwarder, and an intermediary without a fault, pass every question", async () => {
  const forwarder = createServer((socket) => {
    const out = connect(origin.port, "127.0.0.1");
    socket.pipe(out).pipe(socket);
    // A forwarder of TCP passes a reset on, in both directions.
    socket.on("error", () => out.resetAndDestroy()).on("close", () => out.destroy());
    out.on("error", () => socket.resetAndDestroy()).on("close", () => socket.destroy());
  }).listen(0, "127.0.0.1");
  await once(forwarder, "listening");
  const between = await intermediary(origin.port);
  const [tcp, plain] = await Promise.all([
    measure((forwarder.address() as AddressInfo).port),
    measure(between.port),
  ]);
  forwarder.close();
  await between.close();
  assert.equal([complaints(tcp), tcp.verdict.exitCode], [[], 0]);
  assert.equal([complaints(plain), plain.verdict.exitCode], [[], 0]);
  for (const [name, row] of ROWS) if (name.includes(only)) void start(name, row.hooks).catch(() => undefined);
  for (let n = 0; n < AT_ONCE; n += 1) void work();
});

for (const [name, { line, says }] of ROWS.filter(([name]) => name.includes(only)))
  test(name, async () => {
    const report = await results.get(name);
    assert.ok(report);
    const found = complaints(report);
    assert.is(
      found.length,
      1,
      found.join("\n") || JSON.stringify(report.answers.map(({ id, text }) => [id, text])),
    );
    assert.ok(found[0]?.startsWith(`${line}: `), found[0]);
    assert.match(found[0]?.slice(line.length + 2) ?? "", says);
  });

test.run();
