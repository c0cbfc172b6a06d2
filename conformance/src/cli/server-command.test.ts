import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { flawedProxy } from "../testing/flawed-proxy.ts";
import { type PythonServer, pythonServer } from "../testing/python-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { answer, scriptedServer } from "../testing/scripted-server.ts";

const server = suite("the command line");
const cwd = mkdtempSync(join(tmpdir(), "suite-"));
const CANARY = "canary-77b1f0";
let target: PythonServer;

server.before(async () => {
  target = await pythonServer();
});
server.after(async () => {
  await target.close();
  rmSync(cwd, { recursive: true });
});

/** A few quick tests. */
const SOME = ["--run", "server/core/options", "--run", "server/polling/answers-a-page-at-once"];

server("0: no violation, and the line counts what was not verified", async () => {
  const { code, stdout } = await runCli(["server", target.url, ...SOME]);
  assert.match(
    stdout,
    /\nINCOMPLETE: no violation found, but only 2\/\d+ MUST verified, \d+ were filtered out/,
  );
  assert.is(code, 0);
});

server("1: a violation, with the requirement, a curl command and a replay command", async () => {
  const broken = await flawedProxy(target.origin, "204 No Content", "207 No Content");
  const { code, stdout } = await runCli(["server", `${broken.origin}/channels/{channel}`, ...SOME]);
  await broken.close();
  assert.is(code, 1);
  assert.match(stdout, "CORE-METHOD-2 (MUST) spec/core.md#core-method-2");
  assert.match(stdout, /curl -isSgN -X OPTIONS/);
  assert.match(stdout, /\nNOT CONFORMANT: 1 MUST violated\n$/);
});

server("2: an invalid command line", async () => {
  const mistakes = [
    ["server", "ftp://x"],
    ["server", target.url, "--reporter", "xml"],
    ["server", target.url, "--reporter", "json,tap"],
    ["server", target.url, "--jobs", "0"],
    ["server", target.url, "--header", "Authorization: env:NOT_SET_ANYWHERE"],
    ["explain", "NO-SUCH-1"],
    ["unknown"],
  ];
  for (const args of mistakes) assert.is((await runCli(args)).code, 2, args.join(" "));
});

server("3: not a Tidemark server", async () => {
  const html = await scriptedServer((_, socket) =>
    socket.end(answer("200 OK", ["Content-Type: text/html"], "<p>")),
  );
  const { code, stdout } = await runCli(["server", html.origin]);
  await html.close();
  assert.match(stdout, /\nNO VERDICT: no Tidemark server found: /);
  assert.is(code, 3);
});

server("4: a MUST was not verified, under --require-complete", async () => {
  const { code } = await runCli(["server", target.url, ...SOME, "--require-complete"]);
  assert.is(code, 4);
});

server("a secret is sent but never printed, whatever the target does with it", async () => {
  const claims = "Tidemark: v=1, mechanisms=(poll long-poll sse), publish";
  const echo = await scriptedServer((request, socket) =>
    socket.end(answer("200 OK", [claims, `X-Echo: ${request.headers.get("authorization")}`], request.raw)),
  );
  const reporters = "pretty,json=r.json,junit=r.xml,tap=r.tap";
  const args = ["server", `${echo.origin}/{channel}`, "--header", "Authorization: Bearer env:CANARY"];
  const { stdout, stderr } = await runCli([...args, "--reporter", reporters, "--transcripts"], {
    cwd,
    env: { CANARY },
  });
  await echo.close();
  assert.ok(echo.requests.some(({ raw }) => raw.includes(`Authorization: Bearer ${CANARY}`)));
  const files = readdirSync(cwd).map((name) => readFileSync(join(cwd, name), "utf8"));
  assert.is(files.length, 3);
  for (const text of [stdout, stderr, ...files]) assert.not.match(text, CANARY);
  assert.ok(
    stdout.includes('-H "Authorization: Bearer $CANARY"') || stdout.includes('"$CANARY"'),
    "named by its variable",
  );
});

server(
  "when the reader of the output goes away, the run ends silently and removes its channels",
  async () => {
    let left = false;
    const { code, stderr } = await runCli(["server", target.url], {
      started: (child) =>
        child.stdout?.once("data", () => {
          child.stdout?.destroy();
          left = true;
        }),
    });
    assert.ok(left);
    assert.is(stderr, "");
    assert.is(code, 3);
  },
);

server("an interrupt ends the run and reports the results so far", async () => {
  const { stdout, code } = await runCli(["server", target.url], {
    started: (child) =>
      child.stdout?.on("data", (text: string) => {
        if (text.includes("tests at ")) child.kill("SIGINT");
      }),
  });
  assert.match(stdout, / not-run/);
  assert.match(stdout, /\n(?:NO VIOLATIONS FOUND: .* were interrupted|NO VERDICT: .*)\n$/);
  assert.ok(code === 0 || code === 3);
});

server.run();
