import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { tidemark, tidemarkIn } from "../../test/tidemark-command.ts";
import { candidatesOf } from "./find-package.ts";

/** Names, and what is looked for, with the name to open the log with. */
const CANDIDATES: Readonly<Record<string, readonly string[]>> = {
  memory: ["@tidemark/log-memory memory", "tidemark-log-memory memory", "memory "],
  "foo:./x": ["@tidemark/log-foo foo:./x", "tidemark-log-foo foo:./x", "foo ./x"],
  "foo+bar://h": ["@tidemark/log-foo foo+bar://h", "tidemark-log-foo foo+bar://h"],
  "amqps://h": [
    ...["@tidemark/log-amqps amqps://h", "tidemark-log-amqps amqps://h"],
    ...["@tidemark/log-amqp amqps://h", "tidemark-log-amqp amqps://h"],
  ],
  "@acme/log:tls://h": ["@acme/log tls://h"],
  "./my.mjs:dir": ["./my.mjs dir"],
  "/a/my.mjs": ["/a/my.mjs "],
  "fs:x": ["@tidemark/log-fs fs:x", "tidemark-log-fs fs:x", "@tidemark/log-f fs:x", "tidemark-log-f fs:x"],
};

for (const [name, expected] of Object.entries(CANDIDATES))
  test(`${name} means ${expected.join(", or ")}`, () =>
    assert.equal(
      candidatesOf(name).map((each) => `${each.specifier} ${each.name}`),
      expected,
    ));

for (const name of ["", ":x", "Foo:x", "a b", "@x"])
  test(`${JSON.stringify(name)} is not a valid name`, () =>
    assert.throws(() => candidatesOf(name), /Invalid log/));

for (const [command, ...args] of [
  ["serve", "--port", "0", "--log", "foo://user:secret@host"],
  ["copy", "--from", "foo://user:secret@host", "--to", "lmdb:/tmp/never"],
  ["copy", "--to", "foo://user:secret@host", "--from", "lmdb:/tmp/never"],
  ["check", "foo://user:secret@host"],
] as const)
  test(`${command} ${args.at(0)}: an unknown log is reported with the packages looked for and what to install`, async () => {
    const { ended, output } = tidemark(command, ...args);
    assert.is(await ended, command === "check" ? 2 : 1);
    assert.match(
      output.stderr,
      "Looked for @tidemark/log-foo (not installed), tidemark-log-foo (not installed)",
    );
    assert.match(output.stderr, "npm install @tidemark/server @tidemark/log-foo");
    assert.not.match(output.stderr, "secret");
    assert.not.match(output.stderr, /^\s+at /m, "no stack");
  });

/** A package whose log says its name and options in its error. */
const TELLING =
  "export const openLog = async (...args) => { throw new Error('opened ' + JSON.stringify(args)) };";

async function withPackages(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-find-"));
  const packages = {
    "tidemark-log-far": [TELLING, { exports: { import: "./index.mjs" } }],
    "@acme/log": [TELLING, { exports: { ".": { default: "./index.mjs" } } }],
    "far-log": ["export const other = 1;", { exports: "./index.mjs" }],
    "tidemark-log-broken": ['import "nothing-of-this-name";', { exports: "./index.mjs" }],
  } as const;
  for (const [name, [code, manifest]] of Object.entries(packages)) {
    await mkdir(join(folder, "node_modules", name), { recursive: true });
    await writeFile(
      join(folder, "node_modules", name, "package.json"),
      JSON.stringify({ name, ...manifest }),
    );
    await writeFile(join(folder, "node_modules", name, "index.mjs"), code);
  }
  await writeFile(join(folder, "mine.mjs"), TELLING);
  await run(folder).finally(() => rm(folder, { recursive: true }));
}

test("a package or module in the user's folder is loaded, with the name and all options", () =>
  withPackages(async (folder) => {
    const opened: Readonly<Record<string, string>> = {
      "far:rest": "far:rest",
      "fars+x://rest": "fars+x://rest",
      "@acme/log:rest": "rest",
      "tidemark-log-far:rest": "rest",
      "./mine.mjs:rest": "rest",
      [`${folder}/mine.mjs`]: "",
    };
    const flags = ["--key-ttl", "7", "--max-channels", "8", "--max-bytes", "9", "--retain-messages", "3"];
    for (const [log, name] of Object.entries(opened)) {
      const { ended, output } = tidemarkIn(folder, "serve", "--port", "0", "--log", log, ...flags);
      assert.is(await ended, 1);
      const retention = { maxMessages: 3, maxAgeMs: null, maxBytes: 64 * 1_048_576 };
      const options = { maxChannels: 8, maxBytes: 9, retention, keyTtlMs: 7_000 };
      assert.is(output.stderr, `tidemark: opened ${JSON.stringify([name, options])}\n`, log);
    }
  }));

test("a package that has no log, or that cannot be loaded, is reported as such", () =>
  withPackages(async (folder) => {
    for (const [log, said] of [
      ["far-log:x", "far-log (exports no openLog)"],
      ["broken:x", "nothing-of-this-name"],
      ["./none.mjs:x", "./none.mjs (not installed)"],
    ] as const) {
      const { ended, output } = tidemarkIn(folder, "serve", "--port", "0", "--log", log);
      assert.is(await ended, 1);
      assert.match(output.stderr, said);
    }
  }));

test.run();
