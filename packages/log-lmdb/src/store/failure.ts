import { ProtocolError } from "@tidemark/protocol";

/** No space left; quota exceeded; file larger than allowed; the map has no room. */
const FULL = /No space left|ENOSPC|Disk quota|File too large|MDB_MAP_FULL/i;

/** lmdb tells a failed commit without its reason, which it gives in a promise beside it. */
async function reasonOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !("commitError" in error)) return error;
  return Promise.resolve(error.commitError).then(
    () => error,
    (reason: unknown) => reason,
  );
}

/** The failure of a commit, in the protocol's words. Nothing of the commit was stored. */
export async function commitFailure(error: unknown): Promise<ProtocolError> {
  const cause = await reasonOf(error);
  const text = cause instanceof Error ? cause.message : String(cause);
  if (FULL.test(text)) {
    return new ProtocolError("storage-full", "The disk has no room for more messages", { cause });
  }
  return new ProtocolError("unavailable", `The log could not be written: ${text}`, { cause });
}
