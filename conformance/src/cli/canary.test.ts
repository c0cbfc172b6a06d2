import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runCli } from "../testing/run-cli.ts";
import { answer, type ScriptedServer, scriptedServer } from "../testing/scripted-server.ts";
import { REPORTER_NAMES } from "./reporters.ts";

const canaries = suite("secrets");
const cwd = mkdtempSync(join(tmpdir(), "canary-"));

/** One secret for each way to pass one; none is part of another. */
const SECRETS = {
  FLAG_TOKEN: "canary-flag-8f3a+/=",
  ENV_TOKEN: "canary-env-51c9",
  FILE_TOKEN: "canary-file-77d0",
  DRIVER_TOKEN: "canary-driver-23be",
  CONTROL_TOKEN: "canary-control-90ac",
} as const;

const CLAIMS = "Tidemark: v=1, mechanisms=(poll long-poll sse), max-wait=1, publish, key-ttl=60, event";
let server: ScriptedServer;

canaries.before(async () => {
  // It echoes everything it is sent: in a header field, in the body, in the type of a problem.
  server = await scriptedServer(({ raw, headers, method }, socket) => {
    const said = [...headers.values()].join(" ");
    const failed = (method === "POST" && raw.includes("/fail")) || raw.includes("after=latest");
    const body = JSON.stringify({ type: said, messages: [], cursor: "A1", more: false, raw, header: said });
    socket.end(
      answer(
        failed ? "500 Internal Server Error" : "200 OK",
        [CLAIMS, `X-Echo: ${said}`, "Content-Type: application/json"],
        body,
      ),
    );
  });
  writeFileSync(join(cwd, "token.txt"), `${SECRETS.FILE_TOKEN}\n`);
});
canaries.after(async () => {
  await server.close();
  rmSync(cwd, { recursive: true });
});

/** The secrets that a text contains, plain or encoded. */
function told(text: string): string[] {
  return Object.values(SECRETS).filter((secret) =>
    [secret, secret.slice(0, 12), encodeURIComponent(secret), Buffer.from(secret).toString("base64")].some(
      (form) => text.includes(form),
    ),
  );
}

function configuration(driver: object): string {
  const control = {
    url: `${server.origin}/fail/control`,
    headers: { "X-Control": { env: "CONTROL_TOKEN" } },
  };
  const headers = {
    Authorization: { env: "ENV_TOKEN", prefix: "Bearer " },
    Cookie: { file: "token.txt", prefix: "session=" },
  };
  const target = { url: `${server.origin}/channels/{channel}`, headers };
  return JSON.stringify({ target, control, driver });
}

async function runAll(driver: object): Promise<string> {
  writeFileSync(join(cwd, "c.json"), configuration(driver));
  const files = REPORTER_NAMES.filter((name) => name !== "pretty").map((name) => `${name}=report.${name}`);
  const { stdout, stderr, code } = await runCli(
    [
      "server",
      "-c",
      "c.json",
      ...["--header", "X-Api-Key: env:FLAG_TOKEN"],
      "--transcripts",
      ...["--reporter", ["pretty", ...files].join(",")],
    ],
    { cwd, env: SECRETS },
  );
  assert.is(code, 1, stderr);
  return stdout + stderr;
}

canaries("no reporter's output contains a secret, although the target echoes all of them", async () => {
  const http = { url: `${server.origin}/fail/{channel}`, headers: { "X-Driver": { env: "DRIVER_TOKEN" } } };
  const printed = await runAll({ publish: { http: { ...http, json: "{messages}" } } });
  const names = readdirSync(cwd).filter((name) => name.startsWith("report."));
  assert.is(names.length, REPORTER_NAMES.length - 1);
  const outputs = new Map(names.map((name) => [name, readFileSync(join(cwd, name), "utf8")]));
  outputs.set("standard output and error", printed);
  for (const [name, text] of outputs) assert.equal(told(text), [], name);
  // The secrets were there to be hidden: transcripts contain the requests, and commands name the variables.
  assert.match(outputs.get("report.json") ?? "", /"Authorization",\s+"Bearer \*{15}"/);
  assert.match(printed, /\$ENV_TOKEN/);
  // For people, one test of each cause is shown; the page has them all, also those that publish by the driver.
  assert.match(outputs.get("report.html") ?? "", /\$DRIVER_TOKEN/);
  assert.match(outputs.get("report.json") ?? "", /--header",\s+"X-Api-Key: env:FLAG_TOKEN"/);
});

canaries("a secret in a command's output is hidden too", async () => {
  const command = 'echo "401 for $ENV_TOKEN and $FLAG_TOKEN" >&2; exit 1';
  const printed = await runAll({ publish: { exec: { command } } });
  assert.equal(told(printed), []);
  assert.equal(told(readFileSync(join(cwd, "report.json"), "utf8")), []);
  assert.match(readFileSync(join(cwd, "report.json"), "utf8"), /401 for \*+ and \*+/);
});

canaries("converted reports contain no secret either", async () => {
  const args = REPORTER_NAMES.filter((name) => !["pretty", "json"].includes(name)).flatMap((name) => [
    `--${name}`,
    `again.${name}`,
  ]);
  const { stdout, code } = await runCli(["report", "report.json", ...args], { cwd, env: SECRETS });
  assert.is(code, 0);
  const names = readdirSync(cwd).filter((name) => name.startsWith("again."));
  assert.is(names.length, args.length / 2);
  for (const text of [stdout, ...names.map((name) => readFileSync(join(cwd, name), "utf8"))])
    assert.equal(told(text), []);
});

canaries("nor does the report on a target that does not start, or that refuses", async () => {
  const start = { command: 'echo "bad token $ENV_TOKEN"; exit 1', ready: server.origin };
  const target = { url: server.origin, start, headers: { Authorization: { env: "ENV_TOKEN" } } };
  writeFileSync(join(cwd, "c.json"), JSON.stringify({ target }));
  const { stdout, stderr, code } = await runCli(["server", "-c", "c.json"], { cwd, env: SECRETS });
  assert.is(code, 3);
  assert.match(stdout, /NO VERDICT: .*ended with 1.*\nbad token \*+/);
  assert.equal(told(stdout + stderr), []);
});

canaries.run();
