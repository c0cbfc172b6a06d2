import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { ensureProgram } from "../../tools/ensure.mjs";
import { mainOf, sources } from "../../tools/launch.mjs";
import { DOCS, runNode } from "./run.mjs";

const token = "a-token-for-the-samples";
const env = { PUBLISH_TOKEN: token, TOKEN: `Bearer ${token}` };
const test = suite("samples");
let folder = "";
let server;
let url = "";

/** Start a sample as the guide shows it, except for the port and for `changes` that make it short. */
async function start(name, changes = {}, args = []) {
  const shown = await readFile(join(DOCS, "samples", name), "utf8");
  const ready = 'listen(3000, () => console.log("ready"))';
  const edits = {
    [ready]: "listen(0, function () { console.log('port', this.address().port); })",
    ...changes,
  };
  const edited = Object.entries(edits).reduce((now, [from, to]) => now.replace(from, to), shown);
  const file = join(folder, name);
  await writeFile(file, url === "" ? edited : edited.replaceAll("http://localhost:3000", url));
  return runNode([...sources, file, ...args], { cwd: folder, env });
}

async function run(name, changes, args) {
  const { code, output } = await (await start(name, changes, args)).done;
  assert.is(code, 0, output);
  return output;
}

test.before(async () => {
  await mkdir(join(DOCS, "generated"), { recursive: true });
  folder = await mkdtemp(join(DOCS, "generated/samples-")); // inside the repository, where the packages are found
  server = await start("server.mjs");
  const [, port] = await server.seen(/port (\d+)/);
  url = `http://localhost:${port}`;
  await run("publish.mjs");
  await run("publish.mjs", {}, ["--close"]); // a second run has to work too
});

test.after(async () => {
  server?.stop("SIGTERM");
  const { code, output } = await server.done;
  await rm(folder, { recursive: true });
  assert.is(code, 0, output);
});

test("a publisher without the token is refused", async () => {
  const body = JSON.stringify({ messages: [{ data: 1 }] });
  const headers = { "content-type": "application/json" };
  const { status } = await fetch(`${url}/channels/other`, { method: "POST", headers, body });
  assert.is(status, 401);
});

test("a client reads until the channel closes, and the next run resumes after its end", async () => {
  const first = await run("follow.mjs");
  assert.match(first, /greeting.*hello[\s\S]*greeting.*hi[\s\S]*message only if nobody was faster/);
  assert.is(await run("follow.mjs"), "");
});

test("a client commits by hand", async () => {
  assert.match(await run("commit.mjs"), /stored \[ \{ text: 'hello' \}, \{ text: 'hi' \} \]/);
});

test("a hand-written client gets the same messages", async () => {
  assert.match(await run("by-hand.mjs"), /greeting.*hello[\s\S]*message only if nobody was faster/);
});

test("EventSource gets them, and stops at the end", async () => {
  const prelude = 'import { EventSource } from "@tidemark/std";\nconst source =';
  const output = await run("event-source.mjs", { "const source =": prelude });
  assert.match(output, /greeting \{ text: 'hello' \}[\s\S]*only if nobody was faster/);
});

test("a server can offer one mechanism only", async () => {
  const alone = await start("one-mechanism.mjs");
  const [, port] = await alone.seen(/port (\d+)/);
  const abort = new AbortController();
  const { headers, body } = await fetch(`http://localhost:${port}/channels/news`, {
    headers: { accept: "text/event-stream" },
    signal: abort.signal,
  });
  assert.match(headers.get("tidemark") ?? "", "mechanisms=(sse)");
  const { value } = await body.getReader().read();
  assert.match(new TextDecoder().decode(value), "event: $open");
  abort.abort();
  alone.stop();
  await alone.done;
});

/** Publish to a channel of the samples' server. */
async function publish(channel, data) {
  const headers = { authorization: env.TOKEN, "content-type": "application/json" };
  const body = JSON.stringify({ messages: [{ data }] });
  assert.is((await fetch(`${url}/channels/${channel}`, { method: "POST", headers, body })).status, 200);
}

test("a TypeScript program checks the type of its data", async () => {
  await publish("prices", { symbol: "TMK", price: 1.5 });
  const program = await start("typed.ts");
  await program.seen(/^TMK 1\.50$/m);
  program.stop();
  await program.done;
});

test("a hook of React follows a channel until its component is gone", async () => {
  // What React does with the hook's state and effect, for one component that is gone after the first message.
  const react = `
    let cleanup;
    export const useState = (first) => { let now = first; return [now, (change) => { now = change(now); console.log(now.length, now.at(-1).data); setImmediate(() => cleanup()); }]; };
    export const useEffect = (effect) => { cleanup = effect(); };`;
  await writeFile(join(folder, "react.mjs"), react);
  await publish("hook", "first");
  const call = `\nuseMessages("${url}/channels/hook");\n`;
  const output = await run("use-messages.mjs", {
    '"react"': '"./react.mjs"',
    "  return messages;\n}\n": `  return messages;\n}\n${call}`,
  });
  assert.is(output, "1 first\n");
});

const oneTest = 'run: ["server/polling/page-with-messages"]';

test("the suite runs from a program, and publishes through the server's own API", async () => {
  let calls = 0;
  const api = createServer(async (request, response) => {
    calls += 1;
    const { pathname } = new URL(request.url ?? "", "http://api");
    const body = `{"messages":[{"data":${await text(request)}}]}`;
    const headers = { authorization: env.TOKEN, "content-type": "application/json" };
    const { ok } = await fetch(`${url}/channels${pathname}`, { method: "POST", headers, body });
    response.writeHead(ok ? 204 : 500).end();
  }).listen(0);
  await once(api, "listening");
  const output = await run("suite.mjs", {
    "http://localhost:4000": `http://localhost:${api.address().port}`,
    "  driver: {": `  ${oneTest},\n  driver: {`,
  });
  api.close();
  assert.match(output, /INCOMPLETE: no violation found, but only 1\/\d+ MUST verified/);
  assert.ok(calls > 0);
});

test("the suite runs in a test framework", async () => {
  const readable = 'serverTests({ run: ["server/polling/answers-a-page-at-once"],';
  const output = await run("suite-tests.mjs", { "serverTests({": readable });
  assert.match(output, /pass 1\b/);
  // This test needs to publish, and has no token.
  const undecided = await run("suite-tests.mjs", { "serverTests({": `serverTests({ ${oneTest},` });
  assert.match(undecided, /pass 0\b[\s\S]*skipped 1\b/);
});

test("the adapter implements the contract, and the suite finds the faults of its client", async () => {
  const adapter = `${ensureProgram("python3")} ${join(DOCS, "samples/adapter.py")}`;
  const tests = ["decodes-lf", "cursors-are-opaque", "dispatches-at-a-cr"].flatMap((name) => [
    "--run",
    `client/sse/${name}`,
  ]);
  const suiteRun = () => runNode([...mainOf("conformance"), "client", "--adapter", adapter, ...tests]).done;
  let { code, output } = await suiteRun();
  // A busy machine stalls the suite, but not forever: an undecided run is repeated.
  while (/^INCONCLUSIVE /m.test(output)) ({ code, output } = await suiteRun());
  assert.is(code, 1, output);
  assert.match(output, /3 tests: (?:1 fail, 2 pass|2 pass, 1 fail) in/);
  assert.match(output, /violated: SSE-CLIENT-2 \(MUST\), see client\/sse\/dispatches-at-a-cr\n/);
});

test("the files for CI are valid YAML", async () => {
  const names = (await readdir(join(DOCS, "samples"))).filter((name) => name.endsWith(".yml"));
  const texts = await Promise.all(names.map((name) => readFile(join(DOCS, "samples", name), "utf8")));
  assert.is(texts.map((text) => parse(text)).filter((value) => typeof value === "object").length, 2);
});

test.run();
