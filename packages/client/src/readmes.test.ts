// The code in the clients' READMEs runs, against a server, and prints what is said here.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { MemoryLog } from "@tidemark/log";
import { listen } from "@tidemark/server";
import { type BuildOptions, build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { publish } from "./index.ts";

const MAX_LINES = 60;

/** What each README's programs print, one after the other, in a channel that holds "hello" and is closed where it has to be. */
const printed: Readonly<Record<string, { readonly closed: boolean; readonly lines: readonly string[] }>> = {
  client: {
    closed: false,
    lines: [
      "message hello",
      "farewell { to: 'all' }",
      "the channel is closed",
      "handled hello",
      "handled { to: 'all' }",
    ],
  },
  "client-core": { closed: true, lines: ["hello"] },
  "client-polling": { closed: true, lines: ["hello string"] },
  "client-long-polling": { closed: true, lines: ["hello string"] },
  "client-sse": { closed: true, lines: ["hello string", "hello false", "closed"] },
  "client-publishing": { closed: false, lines: ["409 not-at-end"] },
};

async function runProgram(code: string, packageFolder: string, folder: string): Promise<string[]> {
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire("/");' };
  const stdin = { contents: code, loader: "ts", resolveDir: packageFolder } as const;
  const how = {
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["source"],
  } satisfies BuildOptions;
  const outfile = join(folder, "program.mjs");
  await build({ stdin, outfile, banner, ...how });
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], { cwd: folder });
  return stdout.trimEnd().split("\n");
}

for (const [name, { closed, lines }] of Object.entries(printed)) {
  test(`${name}: the README's code does what it says`, async () => {
    const packageFolder = fileURLToPath(new URL(`../../${name}`, import.meta.url));
    const text = await readFile(join(packageFolder, "README.md"), "utf8");
    assert.ok(text.trimEnd().split("\n").length <= MAX_LINES);
    const server = await listen(new MemoryLog(), { port: 0 });
    const url = server.url.replace("{channel}", "news");
    if (closed) await publish(url, { data: "hello" }, { close: true });
    const folder = await mkdtemp(join(tmpdir(), "readme-"));
    const output: string[] = [];
    for (const [, code = ""] of text.matchAll(/^```[tj]s\n(.*?)^```/gms))
      output.push(
        ...(await runProgram(
          code.replaceAll("http://localhost:3000/channels/news", url),
          packageFolder,
          folder,
        )),
      );
    assert.equal(output, lines);
    await Promise.all([server.close({ windowMs: 0 }), rm(folder, { recursive: true })]);
  });
}

test.run();
