// `npm test -- --peers`: the tests in peers/, against third-party servers, proxies, SDKs and frameworks.
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePrograms } from "../ensure.mjs";
import { findTests } from "../runner/find-tests.mjs";
import { installPeers, PEERS } from "./install-peers.mjs";
import { runCommand, Totals } from "./run-command.mjs";
import { testSome } from "./some.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const RUN = [
  ...["--conditions=source", "--import", "./tools/typescript/register.mjs"],
  ...["tools/uvu-run.mjs", "--processes", "3", "peers"],
];
/** Files that take a minute or more; on CI they are left out, and named. */
const SLOW = ".slow.";

/** Run the tests of the peers, or those whose path contains one of the words; returns the exit code. */
export async function testPeers(words, { filter, watch }) {
  if (words.length > 0) {
    const files = (await findTests(PEERS)).map((file) => relative(ROOT, file));
    const named = words.flatMap((word) => files.filter((file) => file.includes(word)));
    return testSome(named.length > 0 ? named : words, { filter, watch });
  }
  const totals = new Totals();
  await addPeers(totals);
  console.log(String(totals));
  return totals.failed > 0 ? 1 : 0;
}

/** Install the peers, check the types of their tests, and run them; `full` includes the slow ones on CI too. */
export async function addPeers(totals, { full = false } = {}) {
  for (const hint of ensurePrograms("peers")) console.error(hint);
  await import("../copy-ledger.mjs");
  const missing = await installPeers();
  if (missing !== undefined) return addMissing(totals, missing);
  const env = { ...process.env, NO_COLOR: "1" };
  delete env.TIDEMARK_BUILT;
  const types = runCommand("node_modules/.bin/tsgo", ["-p", "peers"], { cwd: ROOT, env });
  const { failed } = totals;
  const files = await findTests(PEERS);
  const without = process.env.CI && !full ? ["--without", SLOW] : [];
  if (without.length > 0)
    for (const file of files.filter((name) => name.includes(SLOW)))
      console.log(`not on CI, because it is slow: ${relative(ROOT, file)}`);
  const code = await runCommand(process.execPath, [...RUN, ...without], {
    cwd: ROOT,
    env,
    onLine: (line) => totals.read(line),
  });
  if (code !== 0 && totals.failed === failed) totals.failed += 1;
  totals[(await types) === 0 ? "passed" : "failed"] += 1;
}

/** Without its packages, each file is skipped by name; on CI, that is a failure. */
async function addMissing(totals, missing) {
  const word = process.env.CI ? "FAIL" : "SKIP";
  const files = await findTests(PEERS);
  for (const file of files) console.log(`${word} ${relative(ROOT, file)} › the whole file: ${missing}`);
  totals[process.env.CI ? "failed" : "skipped"] += files.length;
}
