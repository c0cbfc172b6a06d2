import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { mainOf } from "../../tools/launch.mjs";
import { DOCS, runNode } from "./run.mjs";
import { listTests } from "./site/coverage.mjs";

const names = (await readdir(join(DOCS, "guide"))).map((name) => `guide/${name}`);
const pages = await Promise.all(
  names.map(async (name) => ({ name, text: await readFile(join(DOCS, name), "utf8") })),
);
const samples = await readdir(join(DOCS, "samples"));
const shown = await Promise.all(samples.map((name) => readFile(join(DOCS, "samples", name), "utf8")));

/** The options that `--help` of a command lists. @returns {Promise<ReadonlySet<string>>} */
async function optionsOf(main, command) {
  const args = [...mainOf(main), command, "--help"];
  const { output } = await runNode(args).done;
  return new Set(output.match(/--[a-z][a-z-]+/g));
}

test("every page can be read in five minutes", () => {
  const words = (text) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  const long = pages.filter(({ text }) => words(text) > 1_100).map(({ name }) => name);
  assert.equal(long, []);
});

test("every sample is shown on a page", () => {
  const all = pages.map(({ text }) => text).join("\n");
  assert.equal(
    samples.filter((name) => !all.includes(`samples/${name}`)),
    [],
  );
});

const HELP = (await runNode([...mainOf("conformance"), "--help"]).done).output;
const COMMANDS = [...HELP.matchAll(/^ {2}([a-z]+) (?:\[|<)/gm)]
  .map(([, name]) => name)
  .filter((name) => name !== "help");

test("the page of the suite's commands has every command, and every option except those of `client`", async () => {
  const page = pages.find(({ name }) => name === "guide/suite-commands.md")?.text ?? "";
  for (const command of COMMANDS)
    assert.match(page, new RegExp(`(?:^## .*\\b${command}\\b|\\| \`${command} )`, "m"));
  const options = await Promise.all(COMMANDS.map((command) => optionsOf("conformance", command)));
  const named = options.flatMap((some, index) => (COMMANDS[index] === "client" ? [] : [...some]));
  assert.ok(named.length > 30);
  assert.equal(
    named.filter((option) => option !== "--help" && !page.includes(option)),
    [],
  );
});

test("every option that the guide names exists", async () => {
  const known = new Set([
    ...(await optionsOf("packages/server", "serve")),
    ...(await optionsOf("packages/server", "copy")),
    ...(await optionsOf("packages/server", "check")),
    ...(await optionsOf("packages/server", "playground")),
    ...(await optionsOf("packages/server", "key")),
    ...(
      await Promise.all(COMMANDS.map(async (command) => [...(await optionsOf("conformance", command))]))
    ).flat(),
    // options of npx, npm, docker and node, and --help
    ...[
      "--yes",
      "--global",
      "--save-dev",
      "--force",
      "--rm",
      "--network",
      "--experimental-vm-modules",
      "--import",
      "--help",
    ],
  ]);
  const named = [...pages.map(({ text }) => text), ...shown].flatMap(
    (text) => text.match(/(?<=[\s`'])--[a-z][a-z-]+/g) ?? [],
  );
  assert.ok(named.length > 20);
  assert.equal(
    [...new Set(named)].filter((option) => !known.has(option)),
    [],
  );
});

test("every test of the suite that the guide names exists", async () => {
  const ids = (await listTests()).map(({ id }) => id);
  const named = pages.flatMap(({ text }) => text.match(/(?<=`)(?:server|client)\/[\w*…/-]+(?=`)/g) ?? []);
  const isOne = (name) => {
    const pattern = name.replaceAll("*", "[^/]+").replaceAll("…", ".+");
    return ids.some((id) => new RegExp(`^${pattern}$`).test(id));
  };
  assert.ok(named.length > 5);
  assert.equal(
    named.filter((name) => !isOne(name)),
    [],
  );
});

test.run();
