import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type FlawedProxy, flawedProxy } from "../testing/flawed-proxy.ts";
import { type PythonServer, pythonServer } from "../testing/python-server.ts";
import { type CliResult, runCli } from "../testing/run-cli.ts";

const baseline = suite("--baseline");
const cwd = mkdtempSync(join(tmpdir(), "baseline-"));
const FAILS = "server/core/bodies-are-nosniff";
const PASSES = "server/core/options";
let server: PythonServer;
let broken: FlawedProxy;

baseline.before(async () => {
  server = await pythonServer();
  broken = await flawedProxy(server.origin, "nosniff", "nosnort");
});
baseline.after(async () => {
  await broken.close();
  await server.close();
  rmSync(cwd, { recursive: true });
});

/** Run two tests with this baseline; the proxy makes one of them fail. */
function run(text: string | undefined, ...args: readonly string[]): Promise<CliResult> {
  if (text !== undefined) writeFileSync(join(cwd, "b.yaml"), text);
  const url = `${broken.origin}/channels/{channel}`;
  return runCli(["server", url, "--run", FAILS, "--run", PASSES, "--baseline", "b.yaml", ...args], { cwd });
}

baseline("without an entry the failure is a violation", async () => {
  const { code, stdout } = await run("[]");
  assert.match(stdout, /\nNOT CONFORMANT: 1 MUST violated\n$/);
  assert.is(code, 1);
});

baseline("a known failure is reported, but does not fail the run", async () => {
  const { code, stdout } = await run(`- { test: ${FAILS}, reason: the header comes next week, issue: "#7" }`);
  assert.match(stdout, /known failure: the header comes next week \(#7\)/);
  assert.match(stdout, /\nNO NEW VIOLATIONS: .*1 violated as listed in the baseline/);
  assert.is(code, 0);
});

baseline("an entry whose test passes fails the run", async () => {
  const { code, stdout } = await run(`- { test: ${FAILS}, reason: r }\n- { test: ${PASSES}, reason: r }\n`);
  assert.match(stdout, new RegExp(`stale: ${PASSES}: the test no longer fails: pass`));
  assert.match(stdout, new RegExp(`\\nBASELINE OUT OF DATE: ${PASSES} \\(stale\\)\n$`));
  assert.is(code, 1);
});

baseline("an expired entry fails the run", async () => {
  const { code, stdout } = await run(`- { test: ${FAILS}, reason: r, until: "2020-01-01" }`);
  assert.match(stdout, /NOT CONFORMANT: 1 MUST violated, 1 baseline entry out of date/);
  assert.match(stdout, new RegExp(`expired: ${FAILS}: it was to be fixed by 2020-01-01`));
  assert.is(code, 1);
});

baseline("an entry without a reason is rejected, with its line and column", async () => {
  const { code, stderr } = await run(`- test: ${FAILS}\n- { test: b, reason: "" }\n`);
  assert.match(stderr, /b\.yaml:1:3: 0\.reason: is missing\n.*b\.yaml:2:22: 1\.reason: "" is not allowed/);
  assert.is(code, 2);
});

baseline(
  "--update-baseline adds failing tests, removes passing ones, and leaves the rest unchanged",
  async () => {
    rmSync(join(cwd, "b.yaml"));
    const first = await run(undefined, "--update-baseline");
    assert.is(first.code, 0, first.stdout + first.stderr);
    assert.match(first.stderr, /b\.yaml: 1 added, 0 removed/);
    const text = readFileSync(join(cwd, "b.yaml"), "utf8");
    assert.match(text, new RegExp(`- test: ${FAILS}\n  reason: not looked at yet \\(CORE-PROBLEM-4, 20`));
    assert.is((await run(undefined)).code, 0);

    const mine = `# mine\n- test: ${FAILS} # why\n  reason: known\n- { test: ${PASSES}, reason: r }\n`;
    const second = await run(mine, "--update-baseline");
    assert.is(second.code, 0);
    assert.is(readFileSync(join(cwd, "b.yaml"), "utf8"), `# mine\n- test: ${FAILS} # why\n  reason: known\n`);
  },
);

baseline("--update-baseline does not extend an expired entry", async () => {
  const text = `- { test: ${FAILS}, reason: r, until: "2020-01-01" }\n`;
  const { code } = await run(text, "--update-baseline");
  assert.is(code, 1);
  assert.is(readFileSync(join(cwd, "b.yaml"), "utf8"), text);
});

baseline("a missing baseline is a usage error", async () => {
  rmSync(join(cwd, "b.yaml"));
  const { code, stderr } = await run(undefined);
  assert.match(stderr, /b\.yaml: no such file/);
  assert.is(code, 2);
});

baseline.run();
