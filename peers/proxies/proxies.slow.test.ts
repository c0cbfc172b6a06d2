// Debian's proxies, with their default configurations and with those that the guide shows: what a path's report says of
// each is what it does, and the guide's configurations are fit for streams.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PathReport } from "../../conformance/src/path/run-path.ts";
import { ensureProgram } from "../../tools/ensure.mjs";
import { eachOf, measure } from "./measure.ts";
import { PROXIES } from "./proxies.ts";

const test = suite("proxies");
const AT_ONCE = 6;
const QUICK = ["--idle", "5s"];

const runs = PROXIES.flatMap((proxy) =>
  (["standard", "good"] as const).map((kind) => ({ proxy, kind, title: `${proxy.name}, ${kind}` })),
);
const reports = new Map<string, PathReport | Error>();

test.before(async () => {
  await eachOf(runs, AT_ONCE, async ({ proxy, kind, title }) => {
    try {
      ensureProgram(proxy.program);
      reports.set(title, await measure(proxy[kind], ...QUICK));
    } catch (error) {
      reports.set(title, error as Error);
    }
  });
});

for (const { proxy, kind, title } of runs)
  test(title, () => {
    const report = reports.get(title);
    if (!report || report instanceof Error) throw report ?? new Error("not measured");
    const bad = report.answers.filter(({ standing }) => standing === "fault" || standing === "note");
    const said = bad.map(({ id, text, proof }) => `${id}: ${text}\n  ${proof.join("\n  ")}`).join("\n");
    const varies = kind === "good" ? (proxy.varies ?? []) : [];
    const ids = bad.map(({ id }) => id).filter((id) => !varies.includes(id));
    assert.equal(ids.sort(), [...proxy.expected[kind]].sort(), said);
    if (kind === "good") assert.is(report.verdict.exitCode, 0, report.verdict.line);
  });

test("a mistake in a user's configuration: its line, and what to write instead", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mistake-"));
  const file = join(folder, "nginx.conf");
  const lines = [
    "server {",
    "    listen 8080;",
    "    location /channels/ {",
    "        proxy_pass http://127.0.0.1:3000;",
    "        proxy_ignore_headers X-Accel-Buffering;",
    "    }",
    "}",
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  const { settings, verdict } = await measure(file, "--only", "stream");
  rmSync(folder, { recursive: true });
  assert.equal(
    settings.map(({ id }) => id),
    ["stream"],
  );
  assert.equal(settings[0]?.causes, [`${file}:5: proxy_ignore_headers X-Accel-Buffering;`]);
  assert.match(settings[0]?.fixes[0]?.line ?? "", /^proxy_buffering off;/);
  assert.is(verdict.kind, "long polls");
});

test.run();
