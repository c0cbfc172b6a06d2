import { type ChildProcess, type SpawnOptionsWithoutStdio, spawn } from "node:child_process";
import { once } from "node:events";
import * as assert from "uvu/assert";
import { mainOf } from "../../../tools/launch.mjs";

/** A running `tidemark` process. */
export interface Run {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  /** Resolves with the exit code, or with the name of the signal that ended the process. */
  readonly ended: Promise<number | string>;
}

/** Run the command. */
export function tidemark(...args: readonly string[]): Run {
  return tidemarkIn(process.cwd(), ...args);
}

/** Run the command in a folder. */
export function tidemarkIn(cwd: string, ...args: readonly string[]): Run {
  return start(args, { cwd });
}

function start(args: readonly string[], options: SpawnOptionsWithoutStdio): Run {
  const child = spawn(process.execPath, [...mainOf("packages/server"), ...args], options);
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output.stderr += text));
  const ended = once(child, "close").then(([code, signal]) => code ?? signal);
  return { child, output, ended };
}

/** Run `tidemark serve` until `run` ends, with these variables too. The process has ended then, whatever happened. */
export async function serving(
  args: readonly string[],
  run: (base: string, command: Run) => Promise<void>,
  variables: NodeJS.ProcessEnv = {},
): Promise<void> {
  const env = { ...process.env, ...variables };
  const command = start(["serve", "--port", "0", "--log", "memory", ...args], { env });
  try {
    await Promise.race([once(command.child.stdout ?? command.child, "data"), command.ended]);
    const [, base] =
      /^listening on (https?:\S+)\{channel\}\nmessages are kept in .*\n/.exec(command.output.stdout) ?? [];
    assert.ok(base, command.output.stderr);
    await run(base, command);
  } finally {
    command.child.kill("SIGKILL");
    await command.ended;
  }
}
