// Runs every line of the page "Getting started", except for the port, in a folder of its own.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { RECIPES } from "../../peers/frameworks/recipes.ts";
import { freePort } from "../../testing/processes/free-port.ts";
import { ensureProgram } from "../../tools/ensure.mjs";
import { mainOf, sources } from "../../tools/launch.mjs";
import { DOCS, runNode } from "./run.mjs";

const PAGE = await readFile(join(DOCS, "guide/getting-started.md"), "utf8");
const BLOCKS = [...PAGE.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language, code = ""]) => ({
  language,
  code: code.trim(),
}));

/** The next blocks of the page: each step of the test takes the block that a reader would use then. */
let next = 0;
function block(language, begin) {
  const { language: found, code } = BLOCKS[next++] ?? {};
  assert.is(found, language);
  assert.ok(code.startsWith(begin), `block ${next} begins with ${begin}`);
  return code.replaceAll(":3000", `:${port}`);
}

const test = suite("getting started");
let folder = "";
let port = 0;
let server;
let browser;

/** Run the words of `npx <package> …` with the command of this repository. */
function npx(workspace, line, more = []) {
  const words = line.split(/\s+/).slice(2);
  return runNode([...mainOf(workspace), ...words.map((word) => word.replaceAll("'", "")), ...more], {
    cwd: folder,
  });
}

async function serve(line) {
  server = npx("packages/server", line, ["--port", String(port)]);
  await server.seen(/^listening on http:\/\/127\.0\.0\.1:\d+\/channels\/\{channel\}$/m);
}

const sh = async (code) => (await promisify(execFile)("sh", ["-c", code], { cwd: folder })).stdout;

async function runProgram(name, code) {
  await writeFile(join(folder, name), code);
  return runNode([...sources, join(folder, name)], { cwd: folder });
}

test.before(async () => {
  await mkdir(join(DOCS, "generated"), { recursive: true });
  folder = await mkdtemp(join(DOCS, "generated/start-")); // inside the repository, where the packages are found
  port = await freePort();
  const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"];
  browser = await chromium.launch({ executablePath: ensureProgram("chromium"), args });
});

test.after(async () => {
  await browser?.close();
  server?.stop("SIGKILL");
  await server?.done;
  await rm(folder, { recursive: true });
});

test("the steps work, and a killed server loses nothing", async () => {
  const start = block("sh", "npx @tidemark/server serve");
  await serve(start);
  assert.ok(existsSync(join(folder, "tidemark-data")));

  const file = join(folder, "news.html");
  await writeFile(file, block("html", "<!doctype html>"));
  const page = await browser.newPage();
  await page.goto(pathToFileURL(file).href);

  assert.match(await sh(block("sh", "curl ")), /^\{"cursors":\["/);
  await page.getByText("hello").waitFor();

  server.stop("SIGKILL");
  await server.done;
  await serve(start);
  await sh(block("sh", "curl "));
  await page.getByText("and in order").waitFor();
  assert.equal(await page.locator("li").allTextContents(), ["hello", "still here", "and in order"]);

  assert.is((await sh(block("sh", "curl "))).match(/"text"/g)?.length, 3);
  assert.is(block("sh", "npm install"), "npm install @tidemark/client"); // docs/scripts/install.test.mjs
  const client = await runProgram("client.mjs", block("js", "import { subscribe }"));
  await client.seen(/^hello\nstill here\nand in order$/m);
  client.stop();
  await client.done;
});

test("the suites run as shown, here with one test each", async () => {
  const suites = [
    [block("sh", "npx @tidemark/conformance server"), "server/polling/answers-a-page-at-once"],
    [block("sh", "npx @tidemark/conformance sse"), "sse/opening/media-type"],
  ];
  for (const [line, one] of suites) {
    const { code, output } = await npx("conformance", line, ["--run", one]).done;
    assert.is(code, 0, `${line}\n${output}`);
  }
});

test("each framework has a recipe that a test runs, and a program appends to the log", async () => {
  assert.is(block("sh", "npm install"), "npm install @tidemark/server-fetch @tidemark/log-memory");
  const shown = [...PAGE.matchAll(/^<<< \.\.\/\.\.\/examples\/frameworks\/(\S+)\{js\}/gm)].map(
    ([, name]) => name,
  );
  const tested = Object.values(RECIPES).map(({ file }) => file);
  assert.ok(shown.length > 6);
  assert.equal(
    shown.filter((name) => !tested.includes(name)),
    [],
  );
  const code = `${block("js", "import { MemoryLog }")}\nconsole.log((await log.read("news", "start", { maxMessages: 9 })).messages.length);`;
  const { output } = await (await runProgram("append.mjs", code)).done;
  assert.is(output, "1\n");
});

test("the page has no other code", () => {
  assert.is(next, BLOCKS.length);
});

test.run();
