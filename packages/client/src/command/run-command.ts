import { followUrl } from "./follow-url.ts";
import { publishLines } from "./publish-lines.ts";
import { type Arguments, HELP, readArguments, UsageError } from "./read-arguments.ts";

const FAILED = 1;
const USAGE = 2;
/** As shells report a process ended by SIGINT: 128 plus the signal's number. */
const INTERRUPTED = 130;

/** Run the command with these arguments; resolves to its exit code. */
export async function runCommand(texts: readonly string[]): Promise<number> {
  const say = (text: string): void => console.error(`tidemark-client: ${text}`);
  try {
    const args = readArguments(texts);
    if (args === undefined) {
      console.log(HELP);
      return 0;
    }
    return await run(args, say);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    if (!(error instanceof UsageError)) return FAILED;
    say("--help lists the commands and options");
    return USAGE;
  }
}

async function run(args: Arguments, say: (text: string) => void): Promise<number> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0); // the reader, such as `head`, has enough
  });
  const { signal } = stop;
  try {
    if (args.command === "publish") await publishLines(args, signal);
    else {
      const last = await followUrl(args, signal, say);
      if (signal.aborted) say(last === undefined ? "nothing received" : `resume with --from ${quote(last)}`);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return signal.aborted ? INTERRUPTED : 0;
}

/** As an argument for a shell. */
function quote(text: string): string {
  return /^[\w.:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
