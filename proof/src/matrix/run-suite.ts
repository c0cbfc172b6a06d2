import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunReport } from "@tidemark/conformance";
import { mainOf } from "../../../tools/launch.mjs";
import { openPage } from "./chromium.ts";
import { ROOT } from "./programs.ts";

/** How a client is connected to the suite: a command, or an adapter for a page. */
export type Carrier = { readonly command: string } | { readonly page: string };

/** Run the client suite's command on a client, as a user would. @throws if it ends without a report */
export async function runSuite(carrier: Carrier, args: readonly string[] = []): Promise<RunReport> {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-matrix-"));
  const file = join(folder, "report.json");
  try {
    const words = await wordsFor(carrier, folder);
    const said = await run([...words, "--reporter", `json=${file}`, "--seed", "1", ...args]);
    const report = JSON.parse(await readFile(file, "utf8").catch(() => fail(said))) as RunReport;
    return report.complete ? report : fail(said);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function fail(said: string): never {
  throw new Error(`the suite wrote no complete report:\n${said.slice(-2000)}`);
}

async function wordsFor(carrier: Carrier, folder: string): Promise<readonly string[]> {
  if ("command" in carrier) return ["--adapter", carrier.command];
  const { build } = await import("esbuild");
  const outfile = join(folder, "page.js");
  await build({ entryPoints: [carrier.page], bundle: true, format: "esm", outfile, logLevel: "error" });
  return ["--listen", "--page-script", outfile];
}

/** Run the command. If it asks to open a page, open the page in Chromium. */
async function run(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [...mainOf("conformance"), "client", ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve());
  });
  let said = "";
  let page: Promise<() => Promise<void>> | undefined;
  const listen = (text: string): void => {
    said += text;
    const [, url] = /open (http:\S+)\n/.exec(said) ?? [];
    if (url !== undefined) page ??= openPage(url);
  };
  child.stdout.setEncoding("utf8").on("data", listen);
  child.stderr.setEncoding("utf8").on("data", listen);
  await ended;
  await (await page)?.();
  return said;
}
