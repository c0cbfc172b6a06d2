import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ensureProgram } from "../../tools/ensure.mjs";

const RUN = fileURLToPath(new URL("../../examples/production/run.mjs", import.meta.url));

test("in a rolling restart of all nodes, no reader loses or repeats a message, and Prometheus sees it", async () => {
  for (const program of ["nginx", "redis-server", "prometheus", "openssl"] as const) ensureProgram(program);
  const child = spawn(process.execPath, [RUN, "--readers", "30", "--pause", "1", "--drain", "1"]);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  const [code] = await once(child, "close");
  assert.is(code, 0, said);
  assert.match(said, /^nginx answers by h2$/m);
  assert.is(said.match(/^node \d was drained \(exit code 0\)/gm)?.length, 3, said);
  assert.match(said, /^Why do streams end\? /m); // a node that leaves may be gone before its next scrape
  assert.match(said, /^0 lost, 0 repeated, longest pause [\d.]+ s$/m);
});

test.run();
