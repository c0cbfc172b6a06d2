// Checks format, lint and types, builds, and runs the tests of every package with turbo.
import { ensurePrograms } from "../ensure.mjs";
import { addPeers } from "./peers.mjs";
import { runCommand, Totals } from "./run-command.mjs";

const env = {
  ...process.env,
  NO_COLOR: "1",
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
  TIDEMARK_BUILT: "1",
  TIDEMARK_COMPILED: "1",
};
const bin = (name) => `node_modules/.bin/${name}`;
/** `--only`: do not build, because everything is built. */
const TURBO = ["--only", "--continue", "--concurrency=12", "--log-order=grouped", "--output-logs=full"];
const REGISTER = "./tools/typescript/register.mjs";
const TOOLS = [
  "--conditions=source",
  "--import",
  REGISTER,
  "tools/uvu-run.mjs",
  "--processes",
  "2",
  "--first",
  "uvu-run",
  "tools",
];
const TYPES = ["--tsBuildInfoFile", "node_modules/.cache/types.tsbuildinfo"];

/** Run everything; returns the exit code. */
export async function testEverything({ full }) {
  const totals = new Totals();
  const read = (line) => totals.read(line);
  /** Run a command that counts as one check and passes if it exits with 0. */
  const step = async (command, ...args) => {
    if ((await runCommand(command, args, { env, held: true })) === 0) totals.passed += 1;
    else totals.failed += 1;
  };
  const missing = ensurePrograms();
  for (const hint of missing) console.error(hint);

  // These need no build, and the tests of the tools mostly wait.
  const unbuilt = [
    runCommand(process.execPath, TOOLS, { env, onLine: read, held: true }),
    step(bin("biome"), "check", "."),
    step(bin("tsgo"), ...TYPES), // a quarter of the CPU time of tsc
  ];
  await step(process.execPath, "tools/build.mjs", "--compile-only");
  // tsconfig.web.json checks the packages that run without Node, and needs the compiled packages.
  unbuilt.push(step(bin("tsgo"), "-p", "tsconfig.web.json"));
  const tasks = full ? ["test", "prove"] : ["test"];
  const turboCode = await runCommand(bin("turbo"), ["run", ...tasks, ...TURBO], { env, onLine: read });
  const [toolsCode] = await Promise.all(unbuilt);

  // A command that exits with an error but reports no failed test counts as one failure.
  const endedBadly = toolsCode !== 0 || turboCode !== 0;
  if (totals.closings === 0 || (endedBadly && totals.failed === 0)) totals.failed += 1;
  if (full) await addPeers(totals, { full });
  for (const [name, seconds] of totals.times.sort((a, b) => b[1] - a[1]))
    console.log(`${`${seconds.toFixed(1)} s`.padStart(8)}  ${name}`);
  if (missing.length > 0) console.log(`Skipped tests need: ${missing.join("; ")}`);
  console.log(String(totals));
  return totals.failed > 0 ? 1 : 0;
}
