// Follows docs/guide/write-a-dialect.md to the letter: its server, its dialect, its command, its fault.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { mainOf } from "../../tools/launch.mjs";
import { DOCS, runNode } from "./run.mjs";

const page = await readFile(join(DOCS, "guide/write-a-dialect.md"), "utf8");

/** The code blocks of a language, in order. */
function blocks(language) {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, text]) => text,
  );
}

const [server] = blocks("js");
const [dialect] = blocks("yaml");
const [verdict, mistake] = blocks("txt").map((text) => text.trim());

/** Save the files, start the server on a free port, and run the suite on it. */
async function follow(program, yaml) {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-dialect-"));
  await writeFile(join(folder, "pigeon.mjs"), program);
  await writeFile(join(folder, "pigeon.yaml"), yaml);
  const child = spawn(process.execPath, ["pigeon.mjs"], {
    cwd: folder,
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [url] = await once(createInterface(child.stdout), "line");
    const run = runNode([
      ...mainOf("conformance"),
      "delivery",
      "--dialect",
      join(folder, "pigeon.yaml"),
      url,
    ]);
    const { output } = await run.done;
    return output;
  } finally {
    child.kill();
    await rm(folder, { recursive: true });
  }
}

test("the server and the dialect of the page get the verdict of the page", async () => {
  assert.ok((await follow(server, dialect)).includes(verdict));
});

test("the fault that the page puts into the server is found", async () => {
  const [, , found, replaced] = /replace `(([^`]+))` by `([^`]+)`/.exec(page) ?? [];
  assert.ok(server.includes(found));
  assert.match(await follow(server.replace(found, replaced), dialect), /LOSES MESSAGES/);
});

test("a mistake is reported as the page shows it", async () => {
  const output = await follow(server, dialect.replace("  position:", "  postion:"));
  assert.ok(
    output.includes(mistake.slice(0, mistake.indexOf("…")).replace(/\S*pigeon\.yaml/, "pigeon.yaml")),
  );
});

test.run();
