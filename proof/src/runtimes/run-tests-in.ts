import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installRuntime, RUNTIMES, type RuntimeName } from "../matrix/programs.ts";
import { bundleTests, type Platform } from "./bundle.ts";
import type { Report } from "./lines.ts";
import { runPageTests } from "./run-page.ts";
import { runProgramTests } from "./run-program.ts";

/** The runtimes of the clients. */
export const RUNTIME_NAMES: readonly string[] = [...Object.keys(RUNTIMES), "Chromium"];

/** Run the clients' tests in a runtime, which is installed if missing. The servers run in this process. */
export async function runTestsIn(name: string): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), "runtime-"));
  const file = join(folder, "tests.mjs");
  try {
    if (name === "Chromium") {
      await bundleTests("browser", file);
      return await runPageTests(file);
    }
    const runtime = RUNTIMES[name as RuntimeName];
    await bundleTests(runtime.package satisfies Platform, file);
    return await runProgramTests(await installRuntime(name as RuntimeName), file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
