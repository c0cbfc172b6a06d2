// The README's sample for test runners compiles, and does not report a test as passed that was not run.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { sources } from "../../tools/launch.mjs";
import { type FlawedProxy, flawedProxy } from "./testing/flawed-proxy.ts";
import { type PythonServer, pythonServer } from "./testing/python-server.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SHOWN_URL = "http://127.0.0.1:3000/channels/{channel}";
const NOSNIFF = "server/core/bodies-are-nosniff";

const readme = suite("the suite's README");
let folder = "";
let sample = "";
let server: PythonServer;
let broken: FlawedProxy;

readme.before(async () => {
  const text = await readFile(join(ROOT, "conformance/README.md"), "utf8");
  sample = /^```ts\n(.*?)^```/ms.exec(text)?.[1] ?? "";
  folder = await mkdtemp(join(ROOT, "conformance/readme-")); // inside the repository, where the packages are found
  server = await pythonServer();
  broken = await flawedProxy(server.origin, "nosniff", "nosnort");
});
readme.after(async () => {
  await rm(folder, { recursive: true });
  await broken.close();
  await server.close();
});

/** Run the sample with additional options; resolves to its output, whatever its exit code. */
async function outputOf(url: string, options: string): Promise<string> {
  const file = join(folder, "sample.test.ts");
  await writeFile(file, sample.replace(SHOWN_URL, url).replace("serverTests({", `serverTests({ ${options},`));
  const run = promisify(execFile)(process.execPath, [...sources, "--test-reporter=tap", file], {
    cwd: folder,
  });
  return run.then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string }) => error.stdout,
  );
}

readme("the sample compiles", async () => {
  await writeFile(join(folder, "sample.ts"), sample);
  const extended = {
    extends: "../../tsconfig.json",
    compilerOptions: { incremental: false, tsBuildInfoFile: null },
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ ...extended, include: ["sample.ts"] }));
  const tsc = join(ROOT, "node_modules/@typescript/native-preview/bin/tsgo");
  const run = promisify(execFile)(process.execPath, [tsc, "-p", folder]);
  const output = await run.then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string }) => error.stdout,
  );
  assert.is(output, "");
});

readme("a passed test passes, and a violation fails with its report", async () => {
  assert.match(await outputOf(server.url, `run: ["${NOSNIFF}"]`), /^# pass 1\n# fail 0$/m);
  const url = `${broken.origin}/channels/{channel}`;
  assert.match(
    await outputOf(url, `run: ["${NOSNIFF}"]`),
    /CORE-PROBLEM-4 \(MUST\)[\s\S]*^# pass 0\n# fail 1$/m,
  );
});

readme("a test that was not run is skipped, not passed", async () => {
  const options = 'run: ["server/polling/page-with-messages"], allow: "observe"';
  assert.match(await outputOf(server.url, options), /^# pass 0\n# fail 0\n# cancelled 0\n# skipped 1$/m);
});

readme.run();
