import { ConnectionError } from "@tidemark/client-core";
import { type Batch, type Connection, chunksOf, type Mechanism } from "@tidemark/client-core/kit";
import { EVENT_STREAM } from "./event-stream/stream-request.ts";
import { createStreamReader } from "./stream-reader.ts";

/** Time limit for the head of the answer, and again for its first block, in milliseconds. */
const FIRST_BLOCK_MS = 10_000;

/** Reads a stream of Server-Sent Events with `fetch`, and resumes with `after`. Spec: sse. */
export const sse: Mechanism = createSse();

/**
 * A mechanism that reads streams. `read` turns the JSON text of a message into its data, and throws if it is
 * not JSON; `answered` is called with the head of each stream.
 */
export function createSse(
  read?: (json: string) => unknown,
  answered?: (response: Response) => void,
): Mechanism {
  return {
    name: "sse",
    open(connection) {
      const { position, session } = connection;
      return open(connection, createStreamReader(position, session.maxMessageBytes, read), answered);
    },
  };
}

async function* open(
  connection: Connection,
  read: ReturnType<typeof createStreamReader>,
  answered?: (response: Response) => void,
): AsyncGenerator<Batch, undefined, void> {
  const { connectTimeoutMs = FIRST_BLOCK_MS } = connection.session.options;
  const response = await connection.request({ stream: true }, "text/event-stream", connectTimeoutMs);
  const { status, headers } = response;
  if (status === 204) {
    yield { messages: [], closed: true };
    return;
  }
  if (status !== 200 || !EVENT_STREAM.test(headers.get("content-type") ?? ""))
    throw new ConnectionError("foreign", `the answer (${status}) is not an event stream`);
  answered?.(response);
  const next = chunksOf(response);
  let limitMs = FIRST_BLOCK_MS;
  let spoke = false;
  let isRefusal = true;
  // Only time spent waiting for the server counts as silence, not the application's time between two reads.
  for (let silentMs = 0; ; ) {
    const askedAt = performance.now();
    const chunk = await connection.watch(next(), limitMs - silentMs, `no event in ${limitMs} ms`);
    if (chunk === undefined) break;
    connection.session.bytes += chunk.length;
    const { batch, heartbeatMs, isProgress, fault } = read(chunk);
    silentMs = isProgress ? 0 : silentMs + performance.now() - askedAt;
    if (heartbeatMs) limitMs = 2 * heartbeatMs;
    spoke ||= batch !== undefined;
    if (heartbeatMs || batch?.cursor !== undefined) isRefusal = false;
    if (batch !== undefined) yield batch;
    if (fault !== undefined) throw fault;
  }
  if (!spoke) throw new ConnectionError("cut", "a stream without events");
  if (isRefusal) yield { messages: [], refused: true };
}
