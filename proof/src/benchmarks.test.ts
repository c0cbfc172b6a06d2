// The benchmarks still run against the reference server: a benchmark that nobody starts breaks unnoticed.
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runProgram } from "./run-program.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const main = ["--import", "tsx", "benchmarks/src/main.ts", "--load", "0.02", "--rounds", "1"];

test("each kind of benchmark yields figures for the reference server", async () => {
  const scenarios = ["fan-out-100", "long-poll-1000", "poll-nothing", "publish-0", "catch-up-pages"];
  const env = { NODE_OPTIONS: "--conditions=source --import tsx" };
  const words = [...main, "--targets", "tidemark", ...scenarios];
  const { code, output } = await runProgram(process.execPath, words, { cwd: root, env });
  assert.is(code, 0, output);
  assert.is(output.match(/^\| Tidemark \| \d/gm)?.length, scenarios.length, output);
});

test.run();
