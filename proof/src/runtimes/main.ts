// Runs the clients' tests in every runtime, and prints the results.
// Usage: npm run runtimes -w @tidemark/proof [runtime]...
import { RUNTIME_NAMES, runTestsIn } from "./run-tests-in.ts";

const wanted = process.argv.slice(2).map((name) => name.toLowerCase());
const names = RUNTIME_NAMES.filter((name) => wanted.length === 0 || wanted.includes(name.toLowerCase()));
if (names.length === 0)
  throw new Error(`unknown runtime ${wanted.join(", ")}; expected one of: ${RUNTIME_NAMES.join(", ")}`);
let failures = 0;
for (const name of names) {
  const { passed, failed, skipped, errors } = await runTestsIn(name);
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (errors !== "") console.log(errors);
  failures += failed;
}
process.exit(failures > 0 ? 1 : 0);
