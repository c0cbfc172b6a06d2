import { type Batch, type Connection, connect, type Mechanism, onAbort } from "@tidemark/client-core/kit";

/** The least time between two requests that bring nothing new, in milliseconds. */
const MIN_INTERVAL_MS = 250;

/** How the reading for all tabs ended: as a stream does, or with an error at a position. */
export type Outcome = { readonly error?: unknown; readonly position: string };

/**
 * Read for all tabs, from a position on, until `over` aborts or a connection ends. Every batch is passed with
 * the position that it follows, and with about its size in bytes.
 */
export async function relay(
  session: Connection["session"],
  mechanism: Mechanism,
  from: string,
  over: AbortSignal,
  pass: (batch: Batch, from: string, bytes: number) => void,
): Promise<Outcome> {
  let position = from;
  try {
    for (;;) {
      const began = performance.now();
      let isFresh = false;
      const waitMs = await readOnce(session, mechanism, position, over, (batch, bytes) => {
        pass(batch, position, bytes);
        position = batch.cursor ?? position;
        isFresh ||= batch.messages.length > 0 || batch.more === true;
      });
      if (waitMs === undefined || over.aborted) return { position };
      const restMs = isFresh ? 0 : MIN_INTERVAL_MS - (performance.now() - began);
      await session.delay(Math.max(waitMs, restMs), over, "poll");
    }
  } catch (error) {
    return { error, position };
  }
}

/** Pass on what one connection brings; returns how long to wait before the next, undefined after a stream. */
async function readOnce(
  session: Connection["session"],
  mechanism: Mechanism,
  position: string,
  over: AbortSignal,
  pass: (batch: Batch, bytes: number) => void,
): Promise<number | undefined> {
  const connection = connect(session, position);
  const leave = onAbort(over, () => connection.close());
  const batches = mechanism.open(connection);
  try {
    for (;;) {
      const before = session.bytes;
      const { done, value } = await batches.next();
      if (over.aborted) return undefined;
      if (done) return value;
      pass(value, session.bytes - before);
    }
  } finally {
    leave();
    connection.close();
    await batches.return(undefined);
  }
}
