// A second suite runs through the real runner, reports and command line, without a change to any of them.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type CliResult, runCli } from "../testing/run-cli.ts";
import { answer, type ScriptedServer, scriptedServer } from "../testing/scripted-server.ts";

const second = suite("a second suite");
const cwd = mkdtempSync(join(tmpdir(), "second-"));
const MAIN = fileURLToPath(new URL("../testing/tiny-main.ts", import.meta.url));
let good: ScriptedServer;
let bad: ScriptedServer;

second.before(async () => {
  good = await scriptedServer((_, socket) =>
    socket.end(answer("200 OK", ["Content-Type: text/plain"], "hi")),
  );
  bad = await scriptedServer((_, socket) => socket.end(answer("500 Oops", [], "")));
});
second.after(async () => {
  await good.close();
  await bad.close();
  rmSync(cwd, { recursive: true });
});

const run = (...args: readonly string[]): Promise<CliResult> => runCli(args, { cwd, main: MAIN });

second("it has its own command, needs, words and exit codes", async () => {
  const quiet = await run("tiny", good.origin);
  assert.match(quiet.stdout, /\nTINY: 1\/2 greeted \(no-violations\)\n$/);
  assert.is(quiet.code, 0, quiet.stderr);
  assert.is((await run("tiny", good.origin, "--require-complete")).code, 4);
  const loud = await run("tiny", good.origin, "--shout", "--reporter", "pretty,json=good.json");
  assert.match(loud.stdout, /\nTINY: 2\/2 greeted \(conformant\)\n$/);
});

second("its failures are reported in every format, and can be replayed, compared and excused", async () => {
  const forms = "pretty,json=bad.json,junit=b.xml,html=b.html,md=b.md,tap=b.tap,badge=b.json";
  const failed = await run("tiny", bad.origin, "--shout", "--reporter", forms);
  assert.match(failed.stdout, /FAIL tiny\/greets[\s\S]*TINY-STATUS-1 \(MUST\) spec\/profiles\/tiny\.md#/);
  assert.match(
    failed.stdout,
    /replay: npx @tidemark\/conformance tiny \S+ --shout --seed \d+ --run tiny\/greets/,
  );
  assert.match(failed.stdout, /\nTINY: 1\/2 greeted \(not-conformant\)\n$/);
  assert.is(failed.code, 1);
  assert.match(readFileSync(join(cwd, "b.xml"), "utf8"), /<testsuite name="tiny http/);
  assert.match(
    readFileSync(join(cwd, "b.html"), "utf8"),
    /Tiny conformance · specification 0\.9[\s\S]*<dt>mood<\/dt><dd>fine/,
  );
  assert.match(
    readFileSync(join(cwd, "b.md"), "utf8"),
    /^## Tiny conformance[\s\S]*\| greeting \| 1 \| \*\*1\*\* \|/,
  );
  assert.match(readFileSync(join(cwd, "b.json"), "utf8"), /"label": "tiny 0\.9"/);
  assert.match((await run("replay", "bad.json")).stdout, /\n1 test: 1 fail/);
  assert.match((await run("report", "bad.json")).stdout, /FAIL tiny\/greets/);
  assert.match(
    (await run("diff", "good.json", "bad.json")).stdout,
    /worse TINY-STATUS-1: verified → violated/,
  );
  const excused = await run("tiny", bad.origin, "--baseline", "known.yaml", "--update-baseline");
  assert.is(excused.code, 0, excused.stderr);
  assert.match((await run("tiny", bad.origin, "--baseline", "known.yaml")).stdout, /known failure/);
});

second("no verdict, list, explain and init know it too", async () => {
  const none = await run("tiny", "http://127.0.0.1:9/");
  assert.match(none.stdout, /NO VERDICT: nobody greets back/);
  assert.is(none.code, 3);
  assert.match((await run("list")).stdout, /\n2\/2 observable tiny requirements covered/);
  assert.match(
    (await run("explain", "tiny-shout-1")).stdout,
    /^TINY-SHOUT-1 · server · MUST[\s\S]*tiny\/shouts/,
  );
  assert.match((await run("init", "--suite", "tiny", "t.yaml")).stdout, /conformance tiny -c t\.yaml/);
});

second("reports of different suites are not compared", async () => {
  const { code } = await run("server", "http://127.0.0.1:9/", "--reporter", "json=server.json");
  assert.is(code, 3);
  const { stderr } = await run("diff", "server.json", "good.json");
  assert.match(stderr, /the reports are of different suites: server and tiny/);
});

second.run();
