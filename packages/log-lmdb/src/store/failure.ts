import { statfs } from "node:fs/promises";
import { ProtocolError } from "@tidemark/protocol";

const FULL = /No space left|quota exceeded|File too large/i;
/** lmdb reports a short write as an I/O error. If less space than this is free, the disk is full. */
const CUT_SHORT = /Input\/output error/i;
const NO_ROOM_BYTES = 1_048_576;
const RETRY_AFTER_S = 5;

/** lmdb reports a failed commit without the reason; a promise on the error has it. */
async function reasonOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !("commitError" in error)) return error;
  return Promise.resolve(error.commitError).then(
    () => error,
    (reason: unknown) => reason,
  );
}

/** The failure of a commit to `directory` as a problem. Nothing of the commit was stored. */
export async function commitFailure(error: unknown, directory: string): Promise<ProtocolError> {
  const cause = await reasonOf(error);
  const text = cause instanceof Error ? cause.message : String(cause);
  const isFull = FULL.test(text) || (CUT_SHORT.test(text) && (await hasNoRoom(directory)));
  if (isFull) return storageFull(cause);
  return new ProtocolError("unavailable", `The log could not be written: ${text}`, { cause });
}

export function storageFull(cause?: unknown): ProtocolError {
  const options = { retryAfterS: RETRY_AFTER_S, cause };
  return new ProtocolError("storage-full", "The disk is full", options);
}

async function hasNoRoom(directory: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize < NO_ROOM_BYTES;
}

/** Add the directory to a system error of opening a log; other errors are returned unchanged. */
export function openingFailure(directory: string, error: unknown): unknown {
  if (!(error instanceof Error && "code" in error) || error instanceof RangeError) return error;
  const text = `Cannot open a log in ${directory}: ${error.message}`;
  return Object.assign(new Error(text, { cause: error }), { code: error.code });
}

/** What to do about a directory with a damaged file. */
export function adviceOf(directory: string): string {
  return (
    `Nothing was changed. Run "tidemark check ${directory}" to see what is damaged, and add --repair to keep what is ` +
    "intact (the damaged file stays beside it). Or restore a copy."
  );
}
