import { isListed, type Log } from "@tidemark/log";
import { findLog } from "../logs/open-log.ts";
import { type CopiedChannel, copyChannel } from "./copy-channel.ts";

/** The options of `tidemark copy`. */
export interface CopyFlags {
  readonly from: string;
  readonly to: string;
}

/** Where the command prints: results, and progress on a terminal. */
export interface CopyOutput {
  readonly result: (line: string) => void;
  /** Replaces the line before it; empty at the end. */
  readonly progress: (line: string) => void;
}

/** No retention: a copy must not drop messages in either log. The servers' own settings apply later. */
const KEEP_ALL = { retention: { maxMessages: null, maxBytes: null, maxAgeMs: null }, keyTtlMs: 86_400_000 };

/**
 * Copy channels, all of them if `names` is empty, and report whether their cursors stay valid. Resolves with whether
 * every channel was copied.
 *
 * @throws Error if a log cannot be opened, or its channels cannot be listed
 */
export async function copy(
  { from, to }: CopyFlags,
  names: readonly string[],
  output: CopyOutput,
  signal: AbortSignal,
): Promise<boolean> {
  if (from === to) throw new RangeError("--from and --to are the same log: name two different ones");
  const [found, foundTarget] = [await findLog(from), await findLog(to)];
  if (!found.isLasting || !foundTarget.isLasting)
    throw new RangeError("A log in memory cannot be copied: it exists only inside one process");
  const source = await found.open({ ...KEEP_ALL, create: false });
  try {
    const target = await foundTarget.open(KEEP_ALL);
    try {
      return await copyAll(source, target, names.length > 0 ? names : listed(source), output, signal);
    } finally {
      await target.dispose();
    }
  } finally {
    await source.dispose();
  }
}

function listed(source: Log): AsyncIterable<string> {
  if (!isListed(source)) throw new Error("This log cannot list its channels: name the channels to copy.");
  return source.channels();
}

async function copyAll(
  source: Log,
  target: Log,
  names: Iterable<string> | AsyncIterable<string>,
  output: CopyOutput,
  signal: AbortSignal,
): Promise<boolean> {
  const totals = { channels: 0, messages: 0, failed: 0 };
  for await (const name of names) {
    try {
      const onProgress = (count: number): void => output.progress(`${name}: ${count} messages so far`);
      const copied = await copyChannel(source, target, name, { onProgress, signal });
      output.progress("");
      output.result(`${name}: ${said(copied)}`);
      totals.channels += 1;
      totals.messages += copied.messages;
    } catch (error) {
      output.progress("");
      if (signal.aborted) throw error;
      output.result(`${name}: NOT COPIED: ${error instanceof Error ? error.message : error}`);
      totals.failed += 1;
    }
  }
  if (totals.channels + totals.failed === 0) throw new Error("The log to copy from has no channels");
  output.result(
    `${totals.channels} channels, ${totals.messages} messages copied, ${totals.failed} channels failed. ` +
      "Idempotency keys are not copied, and the age of each message starts at 0.",
  );
  return totals.failed === 0;
}

function said({ messages, cursors }: CopiedChannel): string {
  const count = `${messages} messages`;
  return cursors === "kept"
    ? `${count}; all valid cursors stay valid in the target`
    : `${count} under new cursors; readers with an old cursor get a gap (epoch)`;
}
