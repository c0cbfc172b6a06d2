import { type ChildProcess, spawn } from "node:child_process";

/** A shell command that is run to its end. */
export interface CommandOptions {
  readonly cwd: string;
  /** Variables to add to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its standard input. */
  readonly input?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** How a command ended. */
export interface CommandResult {
  /** Undefined if a signal ended it: after the limit, or because the run was stopped. */
  readonly code: number | undefined;
  readonly stdout: string;
  /** The end of its standard error. */
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** The most characters of an output to keep. */
const MAX_OUTPUT = 4_096;

/** Run a command in a shell and wait for its end. Rejects only if there is no shell. */
export async function runCommand(command: string, options: CommandOptions): Promise<CommandResult> {
  const { cwd, env = {}, input = "", timeoutMs, signal } = options;
  const child = spawn(command, { cwd, shell: true, detached: true, env: { ...process.env, ...env } });
  const stdout = lastOutput(child.stdout);
  const stderr = lastOutput(child.stderr);
  child.stdin.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") child.emit("error", error); // it does not have to read its input
  });
  child.stdin.end(input);
  let timedOut = false;
  const stop = (): void => killGroup(child, "SIGKILL");
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, timeoutMs);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const code = await ended(child);
    return { code, stdout: stdout(), stderr: stderr(), timedOut };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

/** Resolves with the exit code once the process has ended and its output is read; undefined for a signal. */
export function ended(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? undefined));
  });
}

/** Signal a command and everything that it started; it has to be the leader of its own process group. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // it has already ended
  }
}

/** Collects the end of a stream. */
export function lastOutput(stream: NodeJS.ReadableStream): () => string {
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    text = (text + chunk).slice(-MAX_OUTPUT);
  });
  return () => text.trim();
}
