import { test } from "uvu";
import * as assert from "uvu/assert";
import { stringify } from "yaml";
import { settingSamples } from "../../test/setting-samples.ts";
import { printConfig } from "./print-config.ts";
import { resolveSettings, type SettingSources, settingsObject } from "./resolve-settings.ts";
import { ALL_SETTINGS, SETTINGS } from "./serve-settings.ts";
import { propertyOf, type Setting, variableOf } from "./setting.ts";

const FILE = "tidemark.yaml";

/** A setting as a flag, as a variable and in the file. Commander reads texts, and a switch as true. */
const FORMS: Readonly<
  Record<string, (setting: Setting, texts: readonly string[]) => Partial<SettingSources>>
> = {
  flag: (setting, texts) => ({ flags: { [propertyOf(setting)]: asFlag(setting, texts) } }),
  variable: (setting, texts) => ({ env: { [variableOf(setting)]: texts.join(" ") } }),
  file: ({ name, kind }, texts) => ({
    file: { name: FILE, text: stringify({ [name]: kind.isList ? texts : texts[0] }) },
  }),
};

function asFlag({ kind }: Setting, texts: readonly string[]): unknown {
  if (kind.isList) return texts;
  return kind.placeholder === undefined && texts[0] === "true" ? true : texts[0];
}

function sourceOf(form: string, setting: Setting): string {
  const { name } = setting;
  return { flag: `--${name}`, variable: variableOf(setting), file: `${FILE}, ${name}` }[form] ?? "";
}

function resolve(sources: Partial<SettingSources>) {
  return resolveSettings(ALL_SETTINGS, { flags: {}, env: {}, file: undefined, ...sources });
}

for (const setting of ALL_SETTINGS)
  for (const [form, sourcesOf] of Object.entries(FORMS))
    test(`${setting.name} can be set by ${form}, and an invalid one names this place`, () => {
      const { valid, value, invalid } = settingSamples(setting);
      const all = resolve(sourcesOf(setting, valid));
      const found = all.find((each) => each.setting === setting);
      assert.equal([found?.value, found?.source], [value, sourceOf(form, setting)]);
      for (const bad of invalid) {
        const source = sourceOf(form, setting);
        assert.throws(
          () => resolve(sourcesOf(setting, bad)),
          (error: Error) =>
            error.message.startsWith(`${source}: `) && error.message.length > source.length + 10,
          `${source} ${bad.join(" ")}`,
        );
      }
    });

test("a flag wins over a variable, and a variable over the file", () => {
  const sources: SettingSources = {
    flags: { port: "1" },
    env: { TIDEMARK_PORT: "2", TIDEMARK_DRAIN: "3" },
    file: { name: FILE, text: "port: 4\ndrain: 5\nheartbeat: 6\nread-only: true\n" },
  };
  const { port, drain, heartbeat, readOnly, maxWait } = settingsObject(resolve(sources));
  assert.equal([port, drain, heartbeat, readOnly, maxWait], [1, 3, 6, true, 60]);
  const off = settingsObject(resolve({ ...sources, flags: { readOnly: false } }));
  assert.is(off.readOnly, false, "--no-read-only");
});

test("all invalid values are reported together, each with its place", () => {
  const sources = {
    flags: { port: "x" },
    env: { TIDEMARK_DRAIN: "-1", TIDEMARK_PROT: "3000", TIDEMARK_SERVICE_HOST: "10.0.0.1", OTHER: "x" },
    file: { name: FILE, text: "heartbaet: 3\nmax-wait: 0\nmax-body: [1, 2]\nmax-limit: {a: 1}\n" },
  };
  assert.throws(
    () => resolve(sources),
    (error: Error) => {
      const lines = error.message.split("\n").map((line) => line.trim());
      assert.equal(lines, [
        `${FILE}, heartbaet: there is no such setting. Did you mean heartbeat?`,
        '--port: expected a whole number from 0 to 65535, not "x"',
        'TIDEMARK_DRAIN: expected a whole number from 0 to 3600, not "-1"',
        `${FILE}, max-wait: expected a whole number from 1 to 3600, not "0"`,
        `${FILE}, max-limit: expected a text, a number, true or false, not {"a":1}`,
        `${FILE}, max-body: expected one value, not a list`,
        "TIDEMARK_PROT: there is no such setting. Did you mean TIDEMARK_PORT?",
      ]);
      return true;
    },
  );
});

test("a file that is not YAML, or not a list of settings, is reported by its name", () => {
  for (const text of ["a: b: c", "- port", "3000"])
    assert.throws(
      () => resolve({ file: { name: FILE, text } }),
      (error: Error) => error.message.startsWith(`${FILE}: `),
    );
  assert.is(settingsObject(resolve({ file: { name: FILE, text: "# nothing\n" } })).port, 3_000);
});

test("a variable that Kubernetes sets for a service is explained", () => {
  const env = { TIDEMARK_PORT: "tcp://10.0.0.1:80" };
  assert.throws(() => resolve({ env }), /enableServiceLinks: false/);
});

test("what --print-config prints is a file with the same settings, without secrets", () => {
  const env = {
    TIDEMARK_LOG: "redis://user:hush@127.0.0.1:6379",
    TIDEMARK_METRICS_CLASS: "a=a-* b=b-*",
    TIDEMARK_READ_ONLY: "yes",
  };
  const resolved = resolve({ env, flags: { retainAge: "60" } });
  const printed = printConfig(SETTINGS, resolved);
  assert.not.match(printed, /hush/);
  assert.match(printed, /^retain-age: 60 +# --retain-age \| --retain-age <seconds> \| TIDEMARK_RETAIN_AGE$/m);
  assert.match(printed, /^port: 3000 +# default \| -p, --port <number> \| TIDEMARK_PORT$/m);
  assert.match(printed, /^# retain-.*|^# max-channels: +# 100000 in lmdb and memory \|/m);
  const again = settingsObject(resolve({ file: { name: FILE, text: printed } }));
  assert.equal(again, { ...settingsObject(resolved), log: "redis://127.0.0.1:6379" });
});

test.run();
