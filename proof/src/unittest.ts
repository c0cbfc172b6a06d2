import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { ensureProgram } from "../../tools/ensure.mjs";

/** The result of the tests of a Python example. */
export interface Unittest {
  readonly code: number | null;
  /** How many tests ran; 0 if one failed or was skipped. */
  readonly ran: number;
  readonly output: string;
}

/** Run the tests of a folder of `examples/`. */
export async function runUnittest(folder: string): Promise<Unittest> {
  const cwd = fileURLToPath(new URL(`../../examples/${folder}`, import.meta.url));
  const args = ["-m", "unittest", "discover", "."];
  const tests = spawn(ensureProgram("python3"), args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
  const [output, [code]] = await Promise.all([text(tests.stderr), once(tests, "exit")]);
  const ran = /^OK$/m.test(output) ? Number(/^Ran (\d+) tests/m.exec(output)?.[1]) : 0; // not "OK (skipped=1)"
  return { code, ran, output };
}
