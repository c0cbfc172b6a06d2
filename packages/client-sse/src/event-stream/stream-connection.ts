import { ConnectionError } from "@tidemark/client-core";
import { abortable, stoppable, type Wait, watchdog } from "@tidemark/client-core/kit";
import { createEventStreamDecoder, type EventStreamDecoder } from "@tidemark/protocol";
import type { StreamComment, StreamEvent } from "./stream-options.ts";
import { makeRequest, network, openStream } from "./stream-request.ts";
import { isRepeatable } from "./stream-retry.ts";
import type { StreamSession } from "./stream-session.ts";

/** How long a stream may be silent, in milliseconds; many servers send a comment every 15 s to 60 s. */
const SILENCE_MS = 300_000;

/** A block of a stream; one with an id alone only moves the place to resume. */
type Block = StreamEvent | StreamComment | { readonly id: string };

/** Make one request, and yield what its answer holds. Returns true if nothing more will come. */
export async function* readOnce(
  session: StreamSession,
): AsyncGenerator<StreamEvent | StreamComment, boolean, void> {
  const connection = stoppable(session.signal);
  const { signal } = connection;
  // After an absence of the network or of the page, the old connection is usually dead.
  const renew = (): void => {
    if (isRepeatable(session)) connection.stop(new ConnectionError("offline", "the network was down"));
  };
  for (const type of ["online", "resume"])
    globalThis.addEventListener?.(type, renew, { signal, capture: true });
  try {
    const wait = watchdog(connection, session.delay);
    const response = await request(session, wait, signal);
    return response === undefined || (yield* readBlocks(session, response, wait, signal));
  } finally {
    connection.stop();
  }
}

async function request(
  session: StreamSession,
  wait: Wait,
  signal: AbortSignal,
): Promise<Response | undefined> {
  const { source, options, unauthorized, lastEventId } = session;
  session.askedAt = performance.now();
  session.mayRepeat = true; // until something is sent
  const outgoing = await makeRequest(source, options, { unauthorized, lastEventId }, signal);
  const { method, headers } = outgoing.init;
  session.url = outgoing.url;
  session.mayRepeat = options.repeat ?? (/^(GET|HEAD)$/.test(method) || headers.has("idempotency-key"));
  const response = await openStream(outgoing, options, wait, signal);
  if (response === undefined) return;
  session.wasOpen = session.isAdvised = true;
  session.unauthorized = false;
  return response;
}

async function* readBlocks(
  session: StreamSession,
  response: Response,
  wait: Wait,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent | StreamComment, boolean, void> {
  const { until, silenceMs = SILENCE_MS } = session.options;
  const reader = response.body?.getReader();
  const { decoder, blocks } = decoderOf(session);
  for (;;) {
    const pending = network(async () => (await reader?.read())?.value, "cut");
    const chunk = await (silenceMs === null
      ? abortable(pending, signal)
      : wait(pending, silenceMs, `no byte in ${silenceMs} ms`));
    if (chunk === undefined) break;
    let fault: unknown;
    try {
      decoder.push(chunk);
    } catch (error) {
      fault = error;
    }
    for (const block of blocks.splice(0)) {
      if (session.signal.aborted) return true;
      if ("id" in block) session.lastEventId = block.id;
      let isLast: boolean | undefined;
      if ("data" in block) {
        session.failures = 0;
        isLast = until?.(block);
      }
      if ("data" in block || "comment" in block) yield block;
      if (isLast) return true;
    }
    if (fault !== undefined) throw fault;
  }
  // Without a last event, the end of the body is the end of an answer that cannot be requested again.
  if (until === undefined && !session.mayRepeat) return true;
  throw new ConnectionError("cut", `the stream ended${until ? " before its last event" : ""}`);
}

/** A decoder that collects blocks in the order of the stream. */
function decoderOf(session: StreamSession): { decoder: EventStreamDecoder; blocks: Block[] } {
  const { options, lastEventId } = session;
  const blocks: Block[] = [];
  const sink = {
    event: (event: string, data: string, id: string) => void blocks.push({ event, data, id }),
    bookmark: (id: string) => void blocks.push({ id }),
    retry: (retryMs: number) => {
      session.retryMs = retryMs;
    },
    ...(options.comments && { comment: (comment: string) => void blocks.push({ comment }) }),
  };
  const { maxEventBytes } = options;
  const settings = { lastEventId, ...(maxEventBytes !== undefined && { maxEventBytes }) };
  return { decoder: createEventStreamDecoder(sink, settings), blocks };
}
