import { type SpawnOptions, spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** The exit code and the whole output of a program. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Run a program to its end, without colours. `code` is null if a signal ended it. */
export async function runProgram(
  command: string,
  args: readonly string[],
  { cwd, env }: Pick<SpawnOptions, "cwd" | "env"> = {},
): Promise<Ended> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((done, reject) => {
    child.once("error", reject);
    child.once("close", done);
  });
  const [out, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, output: out + errors };
}
