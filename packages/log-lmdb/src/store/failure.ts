import { statfs } from "node:fs/promises";
import { ProtocolError } from "@tidemark/protocol";

const FULL = /No space left|quota exceeded|File too large/i;
/** lmdb takes a write that was cut short for a fault of the disk; with less room than this it was a full one. */
const CUT_SHORT = /Input\/output error/i;
const NO_ROOM_BYTES = 1_048_576;
const RETRY_AFTER_S = 5;

/** lmdb tells a failed commit without its reason, which it gives in a promise beside it. */
async function reasonOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !("commitError" in error)) return error;
  return Promise.resolve(error.commitError).then(
    () => error,
    (reason: unknown) => reason,
  );
}

/** The failure of a commit to `directory`, in the protocol's words. Nothing of the commit was stored. */
export async function commitFailure(error: unknown, directory: string): Promise<ProtocolError> {
  const cause = await reasonOf(error);
  const text = cause instanceof Error ? cause.message : String(cause);
  const isFull = FULL.test(text) || (CUT_SHORT.test(text) && (await hasNoRoom(directory)));
  if (isFull) return storageFull(cause);
  return new ProtocolError("unavailable", `The log could not be written: ${text}`, { cause });
}

export function storageFull(cause?: unknown): ProtocolError {
  const options = { retryAfterS: RETRY_AFTER_S, cause };
  return new ProtocolError("storage-full", "The disk has no room for more messages", options);
}

async function hasNoRoom(directory: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize < NO_ROOM_BYTES;
}

/** The failure of opening a log, with the directory in its text; what has its own text stays as it is. */
export function openingFailure(directory: string, error: unknown): unknown {
  if (!(error instanceof Error && "code" in error) || error instanceof RangeError) return error;
  const text = `The log cannot be kept in ${directory}: ${error.message}`;
  return Object.assign(new Error(text, { cause: error }), { code: error.code });
}

/** What to do about a directory with a damaged file. */
export function adviceOf(directory: string): string {
  return (
    `Nothing was changed. "tidemark check ${directory}" tells what is damaged; with --repair it keeps what is intact, ` +
    "and the damaged file beside it. Or restore a copy."
  );
}
