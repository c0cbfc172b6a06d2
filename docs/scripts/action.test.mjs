// Runs the shell code of action.yml against a server, as a runner of GitHub does.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { mainOf } from "../../tools/launch.mjs";
import { DOCS } from "./run.mjs";

const action = parse(await readFile(join(DOCS, "../action.yml"), "utf8"));
const [step] = action.runs.steps;

/** An address that answers JSON, and remembers the field Authorization. */
const seen = [];
const server = createServer((request, response) => {
  seen.push(request.headers.authorization);
  response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
}).listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${server.address().port}/events`;

/** Run the step with these inputs; the others have their defaults. */
async function run(inputs) {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-action-"));
  const value = (text) =>
    text.replace(
      /\$\{\{ inputs\.([\w-]+) \}\}/g,
      (_, name) => inputs[name] ?? action.inputs[name].default ?? "",
    );
  const env = Object.fromEntries(Object.entries(step.env).map(([name, text]) => [name, value(String(text))]));
  const files = { GITHUB_STEP_SUMMARY: join(folder, "summary"), GITHUB_OUTPUT: join(folder, "output") };
  const suite = [process.execPath, ...mainOf("conformance")].join(" ");
  const child = spawn(step.shell, ["-e", "-c", step.run], {
    cwd: join(DOCS, ".."),
    env: { ...process.env, ...env, ...files, NO_COLOR: "1", CONFORMANCE: suite },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (part) => {
      text += part;
    });
  const [code] = await once(child, "close");
  const output = await readFile(files.GITHUB_OUTPUT, "utf8").catch(() => "");
  const summary = await readFile(files.GITHUB_STEP_SUMMARY, "utf8").catch(() => "");
  await rm(folder, { recursive: true });
  return { code, text, output, summary };
}

test("the exit code, the verdict and the summary are the suite's, and the token is not printed", async () => {
  const { code, text, output, summary } = await run({ url, token: "secret-of-the-job" });
  assert.is(code, 3, text);
  assert.match(output, /^verdict=NO VERDICT: .*JSON/m);
  assert.match(summary, /NO VERDICT/);
  assert.is(seen[0], "secret-of-the-job");
  assert.not.match(text + summary + output, /secret-of-the-job/);
});

test("an unknown suite is an error", async () => {
  const { code, text } = await run({ url, suite: "sse; echo no" });
  assert.is(code, 2);
  assert.match(text, /::error::suite/);
});

test.after(() => server.close());

test.run();
