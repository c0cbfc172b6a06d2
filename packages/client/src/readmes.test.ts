// Runs the code of the clients' READMEs against one server that keeps its messages, as for a reader who
// follows all READMEs in turn, each of them twice.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { MemoryLog } from "@tidemark/log-memory";
import { listen, type RunningServer } from "@tidemark/server";
import { type BuildOptions, build } from "esbuild";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ProgramRun } from "../test/program-run.ts";
import { publish } from "./index.ts";

const MAX_LINES = 80;
const SHOWN_URL = "http://localhost:3000/channels/news";

/** A program of a README: the last lines that it prints, and whether it runs until its channel is closed. */
interface Shown {
  readonly lines: readonly string[];
  readonly follows: boolean;
}

const hello: Shown = { lines: ["hello string"], follows: true };

/** The programs of each README, in order. */
const SHOWN: Readonly<Record<string, readonly Shown[]>> = {
  client: [
    { lines: ["message hello", "farewell { to: 'all' }"], follows: true },
    { lines: ["handled hello", "handled { to: 'all' }"], follows: true },
  ],
  "client-core": [{ lines: ["hello"], follows: true }],
  "client-polling": [hello],
  "client-long-polling": [hello],
  "client-sse": [hello, { lines: ["hello false"], follows: true }],
  "client-publishing": [{ lines: ["409 not-at-end"], follows: false }],
};

const readmes = suite("the clients' READMEs");
let root = "";
let server: RunningServer;
let url = "";

readmes.before(async () => {
  root = await mkdtemp(join(tmpdir(), "readmes-"));
  server = await listen(new MemoryLog(), { port: 0 });
  url = server.url.replace("{channel}", "news");
});
readmes.after(async () => {
  await Promise.all([server.close({ windowMs: 0 }), rm(root, { recursive: true })]);
});

function folderOf(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

/** The code blocks of a README in a language (a regular expression), with the URL of the test's server. */
async function blocksOf(name: string, language: string): Promise<string[]> {
  const text = await readFile(join(folderOf(name), "README.md"), "utf8");
  const blocks = text.matchAll(new RegExp(`^\`\`\`(?:${language})\\n(.*?)^\`\`\``, "gms"));
  return [...blocks].map(([, code = ""]) => code.replaceAll(SHOWN_URL, url));
}

/** Bundle the programs of a README; resolves to the bundles' paths. */
async function programsOf(name: string): Promise<string[]> {
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire("/");' };
  const how = {
    ...{ bundle: true, platform: "node", format: "esm", conditions: ["source"] },
  } satisfies BuildOptions;
  const blocks = await blocksOf(name, "[tj]s");
  return Promise.all(
    blocks.map(async (contents, index) => {
      const outfile = join(root, `${name}-${index}.mjs`);
      await build({ stdin: { contents, loader: "ts", resolveDir: folderOf(name) }, outfile, banner, ...how });
      return outfile;
    }),
  );
}

/** Run the README's `curl` commands; installing and starting a server are left out. */
async function runCommands(name: string): Promise<void> {
  for (const block of await blocksOf(name, ""))
    if (block.startsWith("curl ")) await promisify(execFile)("sh", ["-c", `${block.trim()} --fail -s`]);
}

/** Follow the README in this folder, and check what its programs print. */
async function follow(name: string, programs: readonly string[], cwd: string): Promise<void> {
  await runCommands(name);
  for (const [index, { lines, follows }] of (SHOWN[name] ?? []).entries()) {
    const run = new ProgramRun(programs[index] ?? "", cwd);
    await run.until(() => run.lines.slice(-lines.length).join("\n") === lines.join("\n"));
    if (follows) await run.stop();
    else await run.ended();
  }
}

for (const [name, shown] of Object.entries(SHOWN))
  readmes(`${name}: the README can be followed after the ones before it, twice`, async () => {
    const text = await readFile(join(folderOf(name), "README.md"), "utf8");
    assert.ok(text.trimEnd().split("\n").length <= MAX_LINES);
    const programs = await programsOf(name);
    assert.is(programs.length, shown.length);
    const cwd = join(root, name);
    await mkdir(cwd);
    await follow(name, programs, cwd);
    await follow(name, programs, cwd);
  });

readmes("the loops end when the channel is closed", async () => {
  const running = [];
  for (const [name, shown] of Object.entries(SHOWN))
    for (const [index, file] of (await programsOf(name)).entries())
      if (shown[index]?.follows) running.push(new ProgramRun(file, join(root, name)));
  for (const run of running) await run.until(() => run.lines.length > 0);
  await publish(url, [], { close: true });
  await Promise.all(running.map((run) => run.ended()));
});

readmes.run();
