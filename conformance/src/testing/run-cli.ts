import { type ChildProcess, spawn } from "node:child_process";
import { mainOf, sources } from "../../../tools/launch.mjs";

/** How to run the command line. */
export interface CliOptions {
  readonly cwd?: string;
  /** A program from sources to run instead of the command line. */
  readonly main?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the process once it runs. */
  readonly started?: (child: ChildProcess) => void;
}

/** The result of a run of the command line. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run the real command line in its own process, to its end. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const { cwd, main, env = {}, started } = options;
  const child = spawn(
    process.execPath,
    [...(main === undefined ? mainOf("conformance") : [...sources, main]), ...args],
    {
      env: { ...process.env, NO_COLOR: "1", ...env },
      ...(cwd === undefined ? {} : { cwd }),
    },
  );
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  started?.(child);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
