import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { mainOf } from "../../tools/launch.mjs";

/** A test of the conformance suite, as the suite lists it. */
export interface SuiteTest {
  readonly id: string;
  readonly requirements: readonly string[];
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LIST = [...mainOf("conformance"), "list", "--json"];

/** List the tests of the suite. @throws {Error} with the suite's output if it cannot list them */
export function listSuite(): readonly SuiteTest[] {
  run(["tools/copy-ledger.mjs"]);
  return (JSON.parse(run(LIST)) as { readonly tests: readonly SuiteTest[] }).tests;
}

function run(args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 64 * 1_048_576,
  });
  if (status === 0) return stdout;
  throw new Error(`${args.at(-1)} exited with ${status ?? error?.message}: ${stderr}`);
}
