import { type Followed, followChannel } from "./follow-channel.ts";
import { followStream } from "./follow-stream.ts";
import { HELP } from "./options.ts";
import { publishLines } from "./publish-lines.ts";
import { type FollowArguments, type PublishArguments, readArguments, UsageError } from "./read-arguments.ts";
import { describe, say } from "./say.ts";

const FAILED = 1;
const USAGE = 2;
/** As shells report a process ended by a signal: 128 plus the signal's number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Run the command with these arguments; resolves to its exit code. */
export async function runCommand(texts: readonly string[]): Promise<number> {
  try {
    const args = readArguments(texts);
    if (args !== undefined) return await run(args);
    console.log(HELP);
    return 0;
  } catch (error) {
    say(describe(error));
    if (!(error instanceof UsageError)) return FAILED;
    say("--help lists the commands and options");
    return USAGE;
  }
}

async function run(args: FollowArguments | PublishArguments): Promise<number> {
  const stop = new AbortController();
  const { signal } = stop;
  let code = 0;
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.once(name, () => {
      // The second signal ends the process at once: it has no handler any more.
      code ||= SIGNALS[name];
      stop.abort();
    });
  process.stdout.on("error", (error: NodeJS.ErrnoException) => endOutput(error, args));
  try {
    if (args.command === "publish") await publishLines(args, signal, say);
    else await follow(args, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return code;
}

async function follow(args: FollowArguments, signal: AbortSignal): Promise<void> {
  const { mechanism, store, from } = args;
  const { place, isPlain }: Followed =
    mechanism === "event-stream"
      ? await followStream(args, signal, say)
      : await followChannel(args, mechanism, signal, say);
  if (isPlain && !signal.aborted) {
    say("not a Tidemark server: reading its event stream");
    return follow({ ...args, mechanism: "event-stream" }, signal);
  }
  if (!signal.aborted) return;
  const resume = place ?? from;
  if (store !== undefined) say(`resume with the same command: ${store} says where`);
  else say(resume === undefined ? "nothing received" : `resume with --from=${quote(resume)}`);
}

/** The reader of the output has ended, as `head` does, or the disk is full. */
function endOutput(error: NodeJS.ErrnoException, { command }: { readonly command: string }): void {
  if (error.code === "EPIPE" && command === "follow") process.exit(0);
  say(`the output ended: ${error.message}; what was sent is published`);
  process.exit(FAILED);
}

/** As one argument for a shell. */
function quote(text: string): string {
  return /^[\w.:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
