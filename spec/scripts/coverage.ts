// Prints the observable requirements without a test in the suite.
//   node --import tsx scripts/coverage.ts          only prints them
//   node --import tsx scripts/coverage.ts --gate   fails if there is one
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { coverageOf, describeCoverage, exitCodeOf } from "./covered.ts";
import { readSpecification } from "./specification.ts";
import { listSuite } from "./suite.ts";

const { ledger, profiles } = readSpecification(dirname(dirname(fileURLToPath(import.meta.url))));
const coverage = coverageOf(
  [ledger, ...profiles.values()].flatMap(({ requirements }) => requirements),
  listSuite(),
);
console.log(describeCoverage(coverage));
process.exitCode = exitCodeOf(coverage, process.argv.includes("--gate"));
