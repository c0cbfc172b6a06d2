import type { Command } from "commander";
import { type CopyFlags, copy } from "./copy-command.ts";

/** The exit code that shells use for a process ended by SIGINT. */
const INTERRUPTED = 130;
const CLEAR_LINE = "\r\u001b[2K";

/** Add `tidemark copy` to the command. */
export function addCopy(command: Command): void {
  command
    .command("copy")
    .description("Copy channels from one log to another (stop the servers that write to them first)")
    .argument("[channel...]", "channels to copy (default: all)")
    .requiredOption(
      "--from <log>",
      "log to copy from, as in `serve --log`: lmdb:directory, redis://host:port, …",
    )
    .requiredOption("--to <log>", "log to copy to; run the command again to resume a copy")
    .action(run);
}

async function run(names: readonly string[], flags: CopyFlags): Promise<void> {
  const abort = new AbortController();
  const interrupt = (): void => abort.abort(new Error("interrupted; run the same command again to resume"));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt);
  const output = { result: (line: string) => console.log(line), progress };
  try {
    process.exitCode = (await copy(flags, names, output, abort.signal)) ? 0 : 1;
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    console.error(`tidemark: ${abort.signal.reason.message}`);
    process.exitCode = INTERRUPTED;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, interrupt);
  }
}

/** Show the progress in one line that is overwritten, on a terminal only. */
function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${CLEAR_LINE}${line}`);
}
