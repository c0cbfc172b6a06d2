import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runCli } from "../../../testing/run-cli.ts";
import { exampleDialect } from "./example.ts";
import { loadDialect } from "./load.ts";

const example = suite("the example of a dialect");
const folder = mkdtempSync(join(tmpdir(), "dialect-"));
example.after(() => rmSync(folder, { recursive: true }));

async function loaded(text: string): Promise<string[]> {
  const path = join(folder, "d.yaml");
  writeFileSync(path, text);
  return Object.keys((await loadDialect(path)).dialect);
}

example("is valid, also with every option enabled", async () => {
  const text = exampleDialect();
  assert.equal(await loaded(text), ["title", "source", "publish", "poll", "promises"]);
  const all = await loaded(text.replace(/^( *)#(?! )/gm, "$1"));
  assert.ok(all.length === 14, all.join());
});

example("init writes it, and prints how to run it", async () => {
  const { stdout } = await runCli(["init", "--suite", "delivery", "mine.yaml"], { cwd: folder });
  assert.is(
    stdout,
    "wrote mine.yaml; now run: npx @tidemark/conformance delivery --dialect mine.yaml http://127.0.0.1:3000\n",
  );
  const run = ["delivery", "--dialect", "mine.yaml", "http://127.0.0.1:9"];
  const { stdout: said, code } = await runCli(run, { cwd: folder });
  assert.match(said, /^NO VERDICT/m);
  assert.is(code, 3);
});

example.run();
