import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { stringify } from "yaml";
import { ConfigError } from "../../../../engine/config/source-file.ts";
import type { ServerOptions } from "../options.ts";
import { exampleConfig } from "./example.ts";
import { type LoadedConfig, loadConfig } from "./load-config.ts";
import { optionsFrom } from "./to-options.ts";

const config = suite("configuration");
const folder = mkdtempSync(join(tmpdir(), "config-"));
config.after(() => rmSync(folder, { recursive: true }));

function written(text: string, name = "c.yaml"): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The lines of the error about a file, without its folder. */
function complaints(text: string, name?: string): string[] {
  try {
    loadConfig(written(text, name));
  } catch (error) {
    assert.instance(error, ConfigError);
    return (error as Error).message.replaceAll(`${folder}/`, "").split("\n");
  }
  return [];
}

async function refusal(loaded: LoadedConfig): Promise<string> {
  try {
    await optionsFrom(loaded);
  } catch (error) {
    assert.instance(error, ConfigError);
    return (error as Error).message.replaceAll(`${folder}/`, "");
  }
  return "(nothing)";
}

const URL_LINE = 'target: { url: "http://h/{channel}" }\n';

const FAULTS: readonly (readonly [string, string, string])[] = [
  [
    "an unknown key",
    "target:\n  url: http://h\n  heders: {}\n",
    "c.yaml:3:3: target.heders: unknown key (did you mean headers?); allowed here: url, start, headers, identity, insecure",
  ],
  ["a missing key", "target:\n  insecure: true\n", "c.yaml:2:3: target.url: is missing"],
  [
    "a value that is not allowed",
    `${URL_LINE}allow: all\n`,
    'c.yaml:2:8: allow: "all" is not allowed; allowed: "observe", "provoke", "publish"',
  ],
  [
    "an unknown version",
    `${URL_LINE}spec: "2.0"\n`,
    'c.yaml:2:7: spec: "2.0" is not allowed; allowed: "1.0"',
  ],
  [
    "a type that is not allowed",
    `${URL_LINE}mechanisms:\n  sse: 1\n`,
    "c.yaml:3:8: mechanisms.sse: 1 is not allowed; allowed: true or false",
  ],
  [
    "a duration",
    `${URL_LINE}limits: { wait: 25 s }\n`,
    'c.yaml:2:17: limits.wait: "25 s" is not allowed; allowed: A duration such as 90s, 500ms or 2m',
  ],
  [
    "an item of a list",
    `${URL_LINE}run:\n  - server/*\n  - 7\n`,
    "c.yaml:4:5: run.1: 7 is not allowed; allowed: text",
  ],
  [
    "two ways at once",
    `${URL_LINE}driver: { publish: { protocol: true, module: a.mjs } }\n`,
    "c.yaml:2:20: driver.publish: has 2 keys; allowed: exactly one of protocol, http, exec, module",
  ],
  [
    "a number below its bound",
    `${URL_LINE}jobs: 0\n`,
    "c.yaml:2:7: jobs: 0 is not allowed; allowed: The number of tests that run at once: a whole number of 1 or more",
  ],
  [
    "a file that is not a mapping",
    "- a\n",
    'c.yaml:1:1: ["a"] is not allowed; allowed: a mapping (A configuration of `tidemark-conformance server -c`)',
  ],
];

for (const [name, text, complaint] of FAULTS)
  config(`${name} is reported with its place and what is allowed`, () => {
    assert.equal(complaints(text), [complaint]);
  });

config("every fault is reported, not only the first", () => {
  assert.is(complaints("jobs: 0\ngrade: x\n").length, 3);
});

config("invalid YAML is reported with its place", () => {
  assert.match(complaints("target: { url: [\n").join(), /^c\.yaml:2:1: /);
  assert.match(complaints("jobs: 1\njobs: 2\n").join(), /^c\.yaml:2:1: .*unique/);
  assert.match(complaints(`${URL_LINE}`.replace("h/", "h/\t"), "c.yaml").join(), /c\.yaml:1:/);
});

config("JSON is accepted too, and faults have places", () => {
  assert.equal(complaints('{\n\t"target": { "url": "http://h" },\n\t"jobs": -1\n}\n', "c.json"), [
    "c.json:3:10: jobs: -1 is not allowed; allowed: The number of tests that run at once: a whole number of 1 or more",
  ]);
});

config("a header's value in the file itself is rejected, and not printed", () => {
  const [line = ""] = complaints(
    "target:\n  url: http://h\n  headers: { Authorization: Bearer canary-77 }\n",
  );
  assert.match(line, /^c\.yaml:3:29: target\.headers\.Authorization: this is not allowed/);
  assert.not.match(line, /canary/);
});

config("a header takes its value from the environment or a file, and hides it", async () => {
  written("canary-from-file\n", "token.txt");
  process.env.CONFIG_TEST_TOKEN = "canary-from-env";
  const headers = {
    Authorization: { env: "CONFIG_TEST_TOKEN", prefix: "Bearer " },
    "X-Key": { file: "token.txt" },
  };
  const options = await optionsFrom(loadConfig(written(stringify({ target: { url: "http://h", headers } }))));
  assert.equal(options.headers, [
    {
      name: "Authorization",
      value: "Bearer canary-from-env",
      secrets: ["canary-from-env"],
      variable: "CONFIG_TEST_TOKEN",
    },
    { name: "X-Key", value: "canary-from-file", secrets: ["canary-from-file"] },
  ]);
  delete process.env.CONFIG_TEST_TOKEN;
});

config("a header whose variable or file is missing is reported with its place", async () => {
  const file = (source: object): LoadedConfig =>
    loadConfig(written(stringify({ target: { url: "http://h", headers: { "X-Key": source } } })));
  assert.match(
    await refusal(file({ env: "NOT_SET_ANYWHERE" })),
    /^c\.yaml:4:5: target\.headers\.X-Key: .*NOT_SET_ANYWHERE is not set/,
  );
  assert.match(await refusal(file({ file: "none.txt" })), /^c\.yaml:4:5: .*ENOENT/);
  assert.match(await refusal(file({})), /exactly one of env and file/);
});

config("a missing driver module is reported with its place", async () => {
  const loaded = loadConfig(written(`${URL_LINE}driver:\n  publish: { module: none.mjs }\n`));
  assert.match(
    await refusal(loaded),
    /^c\.yaml:3:22: driver\.publish\.module: none\.mjs could not be loaded/,
  );
});

config("every option of the configuration reaches the run", async () => {
  const options = await optionsFrom(
    loadConfig(
      written(
        stringify({
          spec: "1.0",
          target: { url: "http://h/{channel}", identity: { name: "acme" }, insecure: true },
          mechanisms: { polling: true, sse: false },
          limits: { wait: "2500ms", heartbeat: "1m" },
          driver: { publish: { exec: { command: "true", timeout: "1s" } } },
          control: { url: "http://h/control", trim: { command: "true" } },
          allow: "provoke",
          channels: "c-{run}-{test}",
          run: ["a"],
          skip: ["b"],
          requirement: ["SSE-*"],
          strict: true,
          "require-complete": true,
          jobs: 3,
          seed: 7,
          budget: "90s",
        }),
      ),
    ),
  );
  const { driver, control, headers, ...rest } = options;
  assert.is(driver?.name, "exec");
  assert.is(typeof control?.trim, "function");
  assert.is(typeof control?.restart, "function");
  assert.equal(headers, []);
  const expected: ServerOptions = {
    url: "http://h/{channel}",
    identity: { name: "acme" },
    insecure: true,
    mechanisms: { poll: true, sse: false },
    limits: { waitS: 2, heartbeatS: 60 },
    allow: "provoke",
    channels: "c-{run}-{test}",
    run: ["a"],
    skip: ["b"],
    requirements: ["SSE-*"],
    strict: true,
    requireComplete: true,
    jobs: 3,
    seed: 7,
    budgetMs: 90_000,
  };
  assert.equal(rest, expected);
});

config("what `init` writes is a valid configuration, even with everything uncommented", async () => {
  const text = exampleConfig("http://127.0.0.1:3000/channels/{channel}");
  const { config: value } = loadConfig(written(text));
  assert.equal(Object.keys(value), ["spec", "target"]);
  const uncommented = text
    .replace(/^ *#(?:exec|module): .*$/gm, "") // only one of these and `http` is allowed
    .replace(/^( *)#(?! )/gm, "$1");
  assert.equal(complaints(uncommented), []);
  assert.ok(Object.keys(loadConfig(written(uncommented)).config).length > 14, uncommented);
});

config.run();
