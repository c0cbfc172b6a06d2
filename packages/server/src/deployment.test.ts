import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseAllDocuments } from "yaml";
import { until } from "../../../testing/servers/serving.ts";
import { mainOf } from "../../../tools/launch.mjs";
import { serving } from "../test/tidemark-command.ts";
import { ALL_SETTINGS } from "./settings/serve-settings.ts";
import { variableOf } from "./settings/setting.ts";

const read = (name: string): string =>
  readFileSync(new URL(`../../../examples/production/${name}`, import.meta.url), "utf8");

/** Every value in a tree of objects and lists, with its path. */
function* valuesOf(tree: unknown, path = ""): Generator<readonly [string, unknown]> {
  yield [path, tree];
  if (typeof tree !== "object" || tree === null) return;
  for (const [key, value] of Object.entries(tree)) yield* valuesOf(value, `${path}/${key}`);
}

for (const name of ["compose.yaml", "kubernetes.yaml", "prometheus.yml", "alerts.yaml"])
  test(`${name} is valid YAML`, () => {
    const documents = parseAllDocuments(read(name), { strict: true, uniqueKeys: true });
    for (const { errors } of documents) assert.equal(errors, []);
  });

test("every variable in the files is a setting of the command", () => {
  const known = new Set(ALL_SETTINGS.map(variableOf));
  for (const name of ["Containerfile", "compose.yaml", "kubernetes.yaml", "tidemark.service"]) {
    const named = read(name)
      .replaceAll(/^\s*#.*$/gm, "")
      .match(/\bTIDEMARK_[A-Z_]+/g);
    for (const variable of named ?? []) assert.ok(known.has(variable), `${name}: ${variable}`);
  }
});

test("every metric in the dashboard and the alerts exists", () =>
  serving(["--metrics"], async (base) => {
    const text = await (await fetch(new URL("/metrics", base))).text();
    const known = new Set(
      [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = "", type]) => namesOf(name, type)),
    );
    known.add("tidemark_tls_certificate_expiry_timestamp_seconds"); // only with a certificate
    for (const [name, count] of [
      ["dashboard.json", 15],
      ["alerts.yaml", 7],
    ] as const) {
      const named = new Set(read(name).match(/\b(?:tidemark|nodejs|process)_[a-z0-9_]+/g));
      assert.ok(named.size >= count, `${name} names ${named.size}`);
      for (const metric of named) assert.ok(known.has(metric), `${name}: ${metric}`);
    }
    const dashboard = JSON.parse(read("dashboard.json")) as {
      panels: { title: string; targets: unknown[] }[];
    };
    assert.is(new Set(dashboard.panels.map(({ title }) => title)).size, dashboard.panels.length);
  }));

function namesOf(name: string, type: string | undefined): string[] {
  return type === "histogram" ? ["_bucket", "_sum", "_count"].map((end) => name + end) : [name];
}

test("the probes of Kubernetes ask pages that exist, on a port that the container has", () =>
  serving(["--metrics-port", "0"], async (_base, { output }) => {
    const own = /^metrics and health checks on (.*)$/m.exec(output.stdout)?.[1] ?? "";
    const values = parseAllDocuments(read("kubernetes.yaml")).flatMap((document) => [
      ...valuesOf(document.toJS()),
    ]);
    const probes = values.filter(([path]) => /Probe\/httpGet$/.test(path)).map(([, probe]) => probe);
    assert.is(probes.length, 3);
    for (const { path, port } of probes as { path: string; port: string }[]) {
      assert.is((await fetch(new URL(path, own))).status, 200, path);
      assert.ok(
        values.some(([, value]) => isPort(value, port)),
        port,
      );
    }
  }));

function isPort(value: unknown, name: string): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "containerPort" in value &&
    "name" in value &&
    value.name === name
  );
}

test("each way to stop the server waits for longer than its drain can take", () => {
  const inSeconds = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1]);
  const kubernetes = read("kubernetes.yaml");
  const pause = inSeconds(kubernetes, /command: \["sleep", "(\d+)"\]/);
  const drain = inSeconds(kubernetes, /TIDEMARK_DRAIN, value: "(\d+)"/);
  assert.ok(inSeconds(kubernetes, /terminationGracePeriodSeconds: (\d+)/) > pause + 2 * drain + 1);
  const compose = read("compose.yaml");
  assert.ok(
    inSeconds(compose, /stop_grace_period: (\d+)s/) > 2 * inSeconds(compose, /TIDEMARK_DRAIN: "(\d+)"/) + 1,
  );
  assert.ok(inSeconds(read("tidemark.service"), /TimeoutStopSec=(\d+)/) > 2 * 5 + 1);
});

test("systemd is told when the server listens, and when it drains", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-notify-"));
  const told = join(folder, "told");
  writeFileSync(told, "");
  writeFileSync(join(folder, "systemd-notify"), `#!/bin/sh\necho "$1 $NOTIFY_SOCKET" >> '${told}'\n`);
  chmodSync(join(folder, "systemd-notify"), 0o755);
  const env = { ...process.env, PATH: folder + delimiter + process.env.PATH, NOTIFY_SOCKET: "/run/notify" };
  const args = [...mainOf("packages/server"), "serve", "--port", "0", "--log", "memory", "--drain", "0"];
  const child = spawn(process.execPath, args, { env, stdio: "ignore" });
  await until(() => readFileSync(told, "utf8") === "--ready /run/notify\n", "it listens");
  child.kill("SIGTERM");
  await once(child, "exit");
  await until(() => readFileSync(told, "utf8").endsWith("--stopping /run/notify\n"), "it drains");
  rmSync(folder, { recursive: true });
});

test.run();
