import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { mainOf } from "../../../tools/launch.mjs";

/** The command as its users run it: a process with pipes, or with a terminal. */
export function startCommand(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return watch(
    spawn(process.execPath, [...mainOf("packages/client"), ...args], { env: { ...process.env, ...env } }),
  );
}

/** The same with a terminal as input, output and error output, whose keys are the pipe `child.stdin`. */
export function startInTerminal(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const program = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
  const command = [process.execPath, ...mainOf("packages/client"), ...args];
  return watch(spawn("python3", ["-c", program, ...command], { env: { ...process.env, ...env } }));
}

function watch(
  child: ReturnType<typeof spawn> & {
    readonly stdout: NodeJS.ReadableStream;
    readonly stderr: NodeJS.ReadableStream;
    readonly stdin: NodeJS.WritableStream;
  },
) {
  let out = "";
  const lines = () => out.split(/\r?\n/).slice(0, -1);
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (chunk: string) => {
    out += chunk;
  });
  const all = Promise.all([text(child.stderr), once(child, "close")]);
  const ended = all.then(([err, [code]]) => ({ out: lines(), err, code: code as number }));
  /** Wait until the program has printed this many lines; throws if it ends before. */
  const printed = async (count: number): Promise<readonly string[]> => {
    const early = ended.then(({ err, code }) => {
      if (lines().length < count) throw new Error(`ended with ${code} after ${lines().length} lines: ${err}`);
    });
    while (lines().length < count) await Promise.race([early, once(child.stdout, "data")]);
    return lines();
  };
  return { child, ended, printed };
}

/** Run the command to its end, with this text as its input. */
export async function runCommand(args: readonly string[], input = "") {
  const { child, ended } = startCommand(args);
  child.stdin.end(input);
  return ended;
}
