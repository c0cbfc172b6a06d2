import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PathReport } from "../../conformance/src/path/run-path.ts";
import { mainOf } from "../../tools/launch.mjs";

/** Measure a configuration with the command that users have. */
export async function measure(file: string, ...args: readonly string[]): Promise<PathReport> {
  const folder = mkdtempSync(join(tmpdir(), "proxies-"));
  const json = join(folder, "report.json");
  const words = ["path", "--through", file, "--reporter", `json=${json}`, ...args];
  const child = spawn(process.execPath, [...mainOf("conformance"), ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes: Buffer) => {
      said += bytes;
    });
  try {
    const code = await new Promise((resolve) => child.once("close", resolve));
    if (code !== 0 && code !== 1) throw new Error(`${file}: exit ${code}\n${said}`);
    return JSON.parse(readFileSync(json, "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Do something with each item, so many at once; the results are in the order of the items. */
export async function eachOf<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = [...items.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await act(next[1]);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}
