// Runs the README's program for a language model's stream against a server that refuses an old token, and
// cuts its answer in the middle.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ProgramRun } from "../test/program-run.ts";

const folder = fileURLToPath(new URL("../../client-sse", import.meta.url));
const WORDS = ["Because", "of", "Rayleigh", "scattering"];
const TOKEN = `const token = async ({ renew }) => (renew ? "new" : (globalThis.kept ??= "old"));\n`;

/** A model that takes the token `new`, and cuts its first answer after two words. */
async function serveModel(asked: unknown[]) {
  let answers = 0;
  const server = createServer((request, response) => {
    const { method, headers } = request;
    const { authorization, "last-event-id": id } = headers;
    asked.push([method, authorization, id]);
    request.resume();
    if (authorization !== "Bearer new" && answers === 0) {
      response.writeHead(401).end();
      return;
    }
    const from = Number(id ?? 0);
    const words = WORDS.map((text, index) => `id: ${index + 1}\ndata: ${JSON.stringify({ text })}\n\n`);
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (answers++ === 0) response.write(words.slice(from, 2).join(""), () => response.destroy());
    else response.end(`${words.slice(from).join("")}data: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/chat`, close: () => server.close() };
}

test("the README's ten lines read a model's stream across a refused token and a cut", async () => {
  const asked: unknown[] = [];
  const { url, close } = await serveModel(asked);
  const text = await readFile(join(folder, "README.md"), "utf8");
  const [, code = ""] = /^```typescript\n(.*?)^```/ms.exec(text) ?? [];
  assert.ok(code.includes("http://localhost:8000/chat"));
  const root = await mkdtemp(join(tmpdir(), "model-"));
  const stdin = {
    contents: TOKEN + code.replace("http://localhost:8000/chat", url),
    loader: "ts",
    resolveDir: folder,
  } as const;
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire("/");' };
  const { outputFiles } = await build({
    ...{ stdin, banner, bundle: true, write: false, platform: "node", format: "esm", conditions: ["source"] },
  });
  const file = join(root, "model.mjs");
  await writeFile(file, outputFiles[0]?.contents ?? "");
  const run = new ProgramRun(file, root);
  await run.ended();
  assert.equal(
    run.lines.filter((line) => WORDS.includes(line)),
    WORDS,
  );
  assert.equal(asked.slice(0, 2), [
    ["POST", "Bearer old", undefined],
    ["POST", "Bearer new", undefined],
  ]);
  assert.equal(asked.at(-1), ["POST", "Bearer old", "2"]);
  close();
  await rm(root, { recursive: true });
});

test.run();
