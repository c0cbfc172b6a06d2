import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type FlawedProxy, flawedProxy } from "../testing/flawed-proxy.ts";
import { type PythonServer, pythonServer } from "../testing/python-server.ts";
import { runCli } from "../testing/run-cli.ts";

const exits = suite("exit codes");
const cwd = mkdtempSync(join(tmpdir(), "exits-"));
let server: PythonServer;
let broken: FlawedProxy;

exits.before(async () => {
  server = await pythonServer(["--heartbeat", "1"]);
  broken = await flawedProxy(server.origin, "nosniff", "nosnort");
});
exits.after(async () => {
  await broken.close();
  await server.close();
  rmSync(cwd, { recursive: true });
});

const some = ["--run", "server/polling/*", "--run", "server/core/bodies-are-nosniff"];

exits("0: no violation", async () => {
  const { code, stdout } = await runCli(
    ["server", server.url, ...some, "--reporter", "pretty,json=run.json"],
    { cwd },
  );
  assert.match(
    stdout,
    /\nINCOMPLETE: no violation found, but only \d+\/\d+ MUST verified, \d+ were filtered out\n$/,
  );
  assert.is(code, 0);
});

exits("1: a MUST is violated", async () => {
  const url = `${broken.origin}/channels/{channel}`;
  const { code, stdout } = await runCli(["server", url, ...some, "--reporter", "pretty,json=broken.json"], {
    cwd,
  });
  assert.match(stdout, /\nNOT CONFORMANT: 1 MUST violated\n$/);
  assert.match(stdout, /violated: CORE-PROBLEM-4 \(MUST\), see server\/core\/bodies-are-nosniff/);
  assert.is(code, 1);
});

exits("2: the command line or the configuration is wrong", async () => {
  writeFileSync(join(cwd, "c.yaml"), "target: {}\n");
  const faulty: readonly (readonly [readonly string[], RegExp])[] = [
    [["server"], /no server given/],
    [["server", "localhost:3000"], /not an http or https URL/],
    [["server", server.url, "--jobs", "0"], /not a whole number of 1 or more/],
    [["server", server.url, "--reporter", "xml"], /unknown reporter "xml"; known: pretty, /],
    [["server", server.url, "--header", "Authorization: env:NOT_SET"], /NOT_SET is not set/],
    [["server", server.url, "--allow", "all"], /Allowed choices are observe, publish, provoke/],
    [["server", "-c", "c.yaml"], /c\.yaml:1:9: target\.url: is missing/],
    [["server", "-c", "none.yaml"], /none\.yaml: ENOENT/],
    [["server", server.url, "--run", "server/sse/no-such"], /no test matches server\/sse\/no-such; .* list'/],
    [["server", server.url, "--run", "client/*"], /no test matches client/],
    [["server", server.url, "--requirement", "SEE-*"], /no tested requirement matches SEE-\*/],
    [
      ["server", server.url, "--reporter", "tap=no/such/folder"],
      /cannot write the report: .*no\/such\/folder/,
    ],
    [["server", server.url, "--baseline", "no.yaml"], /no\.yaml: no such file; --update-baseline/],
    [["report", "run.json", "--md", "no/such/folder"], /cannot write the report: .*no\/such\/folder/],
    [["client", "--adapter", "x", "--run", "server/*"], /no test matches server/],
    [["client"], /no client given; use --adapter "<command>", or --listen/],
    [
      ["client", "--adapter", "x", "--listen"],
      /'--listen \[port\]' cannot be used with .*'--adapter <command>'/,
    ],
    [["client", "--adapter", "x", "--page-script", "p.js"], /--page-script needs --listen/],
    [["client", "--listen", "--page-script", "none.js"], /none\.js: ENOENT/],
    [["client", "--listen", "x"], /not a whole number of 0 or more/],
    [["explode"], /unknown command 'explode'/],
    [["explain", "NO-SUCH-1"], /no requirement or test has the id/],
    [["report", "c.yaml"], /c\.yaml: invalid JSON/],
    [["replay", "run.json#server/none"], /the report has no test and no requirement server\/none/],
  ];
  for (const [args, message] of faulty) {
    const { code, stderr } = await runCli(args, { cwd });
    assert.match(stderr, message);
    assert.is(code, 2, args.join(" "));
  }
});

exits("3: no verdict on the target", async () => {
  const { code, stdout } = await runCli(["server", "http://127.0.0.1:9/"], { cwd });
  assert.match(stdout, /\nNO VERDICT: target unreachable \(ECONNREFUSED\)\n$/);
  assert.is(code, 3);
});

exits("4: a MUST was not verified, under --require-complete", async () => {
  const { code, stdout } = await runCli(["server", server.url, ...some, "--require-complete"], { cwd });
  assert.match(stdout, /\nINCOMPLETE: no violation found, /);
  assert.is(code, 4);
});

exits("a report conforms to its schema", () => {
  const schema = JSON.parse(readFileSync(new URL("../../schema/report.json", import.meta.url), "utf8"));
  const validate = new Ajv({ allErrors: true }).compile(schema);
  for (const name of ["run.json", "broken.json"]) {
    const report = JSON.parse(readFileSync(join(cwd, name), "utf8")) as { verdict: { exitCode?: number } };
    assert.ok(validate(report), JSON.stringify(validate.errors, undefined, 1));
    delete report.verdict.exitCode;
    assert.not.ok(validate(report));
  }
});

exits("replay repeats a test with the seed and the options of the report", async () => {
  const { code, stdout } = await runCli(["replay", "broken.json"], { cwd });
  const { seed } = JSON.parse(readFileSync(join(cwd, "broken.json"), "utf8"));
  assert.match(stdout, new RegExp(`seed ${seed}\\)`));
  assert.match(stdout, /: 1 test at /);
  assert.match(stdout, /\n1 test: 1 fail/);
  assert.is(code, 1);
  const passing = await runCli(["replay", "run.json#server/core/bodies-are-nosniff"], { cwd });
  assert.match(passing.stdout, /\n1 test: 1 pass/);
  assert.is(passing.code, 0);
});

exits("replay repeats the tests of a requirement, also against another URL", async () => {
  const { stdout } = await runCli(["replay", "broken.json#CORE-PROBLEM-4"], { cwd });
  assert.match(stdout, /: [1-9]\d* tests? at /);
  const fixed = await runCli(["replay", "broken.json", "--url", server.url], { cwd });
  assert.match(fixed.stdout, `tidemark-conformance: ${server.url} `);
  assert.match(fixed.stdout, /\n1 test: 1 pass/);
});

exits("diff shows what changed, and exits 1 if something got worse", async () => {
  const worse = await runCli(["diff", "run.json", "broken.json"], { cwd });
  assert.match(worse.stdout, /worse CORE-PROBLEM-4: verified → violated/);
  assert.match(worse.stdout, /worse server\/core\/bodies-are-nosniff: pass → fail/);
  assert.is(worse.code, 1);
  const better = await runCli(["diff", "broken.json", "run.json"], { cwd });
  assert.match(better.stdout, /\n {6}server\/core\/bodies-are-nosniff: fail → pass/);
  assert.is(better.code, 0);
  const same = await runCli(["diff", "run.json", "run.json"], { cwd });
  assert.is(same.stdout, "no differences\n");
});

exits("compare shows several targets in one table", async () => {
  const { stdout, code } = await runCli(["compare", "run.json", "broken.json"], { cwd });
  assert.is(code, 0);
  assert.match(stdout, /^\| 1 +\| http:\/\/.* \| \d+\/\d+ +\| 0 +\| 0 +\| INCOMPLETE/m);
  assert.match(stdout, /^\| 2 +\| .* \| 1 +\| 0 +\| NOT CONFORMANT/m);
  assert.match(stdout, /^\| CORE-PROBLEM-4 \| ✓ +\| ✗ +\|$/m);
  const { targets } = JSON.parse((await runCli(["compare", "run.json", "--json"], { cwd })).stdout);
  assert.is(targets.length, 1);
});

exits("init writes a configuration that works, and does not overwrite one", async () => {
  const written = await runCli(["init", "--url", server.url], { cwd });
  assert.is(written.code, 0);
  const again = await runCli(["init"], { cwd });
  assert.match(again.stderr, /conformance\.yaml already exists/);
  assert.is(again.code, 2);
  const { code } = await runCli(["server", "-c", "conformance.yaml", ...some], { cwd });
  assert.is(code, 0);
});

exits.run();
