// The benchmarks still run against the reference server: a benchmark that nobody starts breaks unnoticed.
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runProgram } from "./run-program.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const main = ["--import", "tsx", "benchmarks/src/main.ts", "--load", "0.02", "--rounds", "1"];

/** How a round fails when a connection was closed between two requests. */
const LOST = /failed: .*(the connection was closed|ended by the other party|EPIPE|ECONNRESET)/;

test("each kind of benchmark yields figures for the reference server", async () => {
  const scenarios = ["fan-out-100", "long-poll-1000", "poll-nothing", "publish-0", "catch-up-pages"];
  const env = { NODE_OPTIONS: "--conditions=source --import tsx" };
  const words = [...main, "--targets", "tidemark", ...scenarios];
  const benchmark = () => runProgram(process.execPath, words, { cwd: root, env });
  let { code, output } = await benchmark();
  // On a busy machine the server closes connections that were idle for too long: then the round has no figures.
  while (LOST.test(output)) ({ code, output } = await benchmark());
  assert.is(code, 0, output);
  assert.is(output.match(/^\| Tidemark \| \d/gm)?.length, scenarios.length, output);
});

test.run();
