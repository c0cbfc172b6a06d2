import type { ServerResponse } from "node:http";

/**
 * Write a body chunk by chunk, asking for the next only when the connection has taken the one before: so no more
 * than one chunk is queued for a reader, and a slow one goes back to reading the log.
 *
 * A reader that takes nothing for `drainTimeoutMs` is cut off. A failing body ends after its last whole chunk.
 */
export async function writeStream(
  res: ServerResponse,
  body: AsyncIterable<Uint8Array>,
  drainTimeoutMs: number,
): Promise<void> {
  try {
    for await (const chunk of body) {
      if (res.destroyed) return;
      if (!res.write(chunk) && !(await drained(res, drainTimeoutMs))) {
        res.destroy();
        return;
      }
    }
  } finally {
    if (!res.destroyed) res.end();
  }
}

/** Whether the response took all its bytes in time; not if it closed before. */
function drained(res: ServerResponse, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (taken: boolean) => (): void => {
      clearTimeout(timer);
      res.off("drain", onDrain).off("close", onClose);
      resolve(taken);
    };
    const onDrain = done(true);
    const onClose = done(false);
    const timer = setTimeout(onClose, timeoutMs);
    res.once("drain", onDrain).once("close", onClose);
    if (res.destroyed) onClose();
  });
}
