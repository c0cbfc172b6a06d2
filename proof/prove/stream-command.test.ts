// The command `sse` from the shell: its reports, promises, baselines and `replay`, and a configuration of `init`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { mainOf } from "../../tools/launch.mjs";
import { PLAIN } from "../src/event-streams/behavior.ts";
import { STREAM_MUTANTS } from "../src/event-streams/mutants/all.ts";
import { type StreamServer, startStreams } from "../src/event-streams/server.ts";

const command = suite("sse from the shell");
const cwd = mkdtempSync(join(tmpdir(), "sse-command-"));
let good: StreamServer;
let bad: StreamServer;

command.before(async () => {
  good = await startStreams("history", PLAIN.history);
  const changes = STREAM_MUTANTS.find(({ id }) => id === "skips-one")?.changes ?? {};
  bad = await startStreams("history", { ...PLAIN.history, ...changes });
});
command.after(async () => {
  await good.close();
  await bad.close();
  rmSync(cwd, { recursive: true });
});

interface Result {
  readonly code: number;
  readonly out: string;
}

async function run(...args: readonly string[]): Promise<Result> {
  const env = { ...process.env, NO_COLOR: "1" };
  const child = spawn(process.execPath, [...mainOf("conformance"), ...args], { cwd, env });
  let out = "";
  for (const pipe of [child.stdout, child.stderr])
    pipe.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
  const [code] = await once(child, "close");
  return { code, out };
}

const read = (name: string): string => readFileSync(join(cwd, name), "utf8");
const QUICK = ["--observe", "4s", "--seed", "1"];

command("every report has the finding, and it can be replayed and shown again", async () => {
  const forms = "pretty,json=r.json,junit=r.xml,html=r.html,md=r.md,tap=r.tap,issue=i.md,badge=b.json";
  const { code, out } = await run("sse", bad.url, ...QUICK, "--reporter", forms);
  assert.is(code, 0, out);
  assert.match(out, /\nWARN sse\/resuming\/exactly-what-was-missed\n {2}ES-RESUME-6 \(SHOULD\)/);
  assert.match(out, /\nEVENT STREAM: \d+\/\d+ verified · NOT RESUMABLE · 1 advice · .*\n$/);
  assert.match(read("i.md"), /^### A reader that resumes does not get exactly what it missed\n/);
  assert.match(read("i.md"), /```sh\nid=\$\(curl /);
  for (const name of ["r.json", "r.xml", "r.html", "r.md", "r.tap"])
    assert.match(read(name), /ES-RESUME-6/, name);
  assert.match(read("b.json"), /"schemaVersion"/);
  assert.match((await run("report", "r.json")).out, /WARN sse\/resuming\/exactly-what-was-missed/);
  assert.match((await run("replay", "r.json")).out, /WARN sse\/resuming\/exactly-what-was-missed/);
});

command("a promise and --strict make a violation of it", async () => {
  const promised = await run("sse", bad.url, ...QUICK, "--promise", "resume=exact");
  assert.match(promised.out, /ES-RESUME-6 \(MUST: promised\)[\s\S]*NOT RESUMABLE AS PROMISED/);
  assert.is(promised.code, 1);
  assert.is((await run("sse", bad.url, ...QUICK, "--strict")).code, 1);
});

command("a baseline excuses what it lists, and complains when it is fixed", async () => {
  const promise = [...QUICK, "--promise", "resume=exact", "--baseline", "known.yaml"];
  const updated = await run("sse", bad.url, ...promise, "--update-baseline");
  assert.is(updated.code, 0, updated.out);
  const known = await run("sse", bad.url, ...promise);
  assert.match(known.out, /a known failure/);
  assert.is(known.code, 0, known.out);
  const fixed = await run("sse", good.url, ...promise);
  assert.match(fixed.out, /BASELINE OUT OF DATE/);
  assert.is(fixed.code, 1);
});

command("init writes a configuration that runs", async () => {
  assert.is((await run("init", "--suite", "sse", "c.yaml", "--url", good.url)).code, 0);
  const publish = `publish:\n  http: { method: POST, url: ${JSON.stringify(good.publishUrl)}, body: "{payload}" }\n`;
  writeFileSync(join(cwd, "c.yaml"), `${read("c.yaml")}\n${publish}payload: text\nobserve: 4s\n`);
  const { code, out } = await run("sse", "-c", "c.yaml");
  assert.match(out, /the suite publishes by http/);
  assert.match(out, /\nEVENT STREAM: \d+\/\d+ verified · resumable/);
  assert.is(code, 0, out);
});

command.run();
