import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { RunReport } from "@tidemark/conformance";
import { build } from "esbuild";
import { reportOn } from "../judge/report.ts";
import type { Runtime } from "../matrix/programs.ts";

const SERVER = fileURLToPath(new URL("web-server.ts", import.meta.url));
/** For the CommonJS packages in the bundle. */
const REQUIRE =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/** Run the suite on the web server in a runtime. @throws if the server does not start */
export async function conformIn(runtime: Runtime): Promise<RunReport> {
  const folder = await mkdtemp(join(tmpdir(), "web-server-"));
  const outfile = join(folder, "server.mjs");
  try {
    await build({
      entryPoints: [SERVER],
      bundle: true,
      format: "esm",
      platform: "node",
      conditions: ["source"],
      banner: { js: REQUIRE },
      outfile,
    });
    return await onServer(runtime, outfile, (port) =>
      reportOn({ url: `http://127.0.0.1:${port}/channels/{channel}`, seed: 1 }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function onServer<T>(
  [program = "", ...args]: Runtime,
  file: string,
  run: (port: string) => Promise<T>,
): Promise<T> {
  const child = spawn(program, [...args, file], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  try {
    const port = await new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) =>
        reject(new Error(`${program} exited with ${code}: ${said.slice(-2000)}`)),
      );
      createInterface({ input: child.stdout }).once("line", resolve);
    });
    return await run(port);
  } finally {
    child.kill();
    await ended;
  }
}
