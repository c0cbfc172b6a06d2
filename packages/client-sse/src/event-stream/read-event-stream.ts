import { readOnce } from "./stream-connection.ts";
import type {
  EventStream,
  EventStreamOptions,
  StreamComment,
  StreamEvent,
  StreamSource,
} from "./stream-options.ts";
import { beforeRetry } from "./stream-retry.ts";
import { createStreamSession, type StreamSession } from "./stream-session.ts";

/**
 * Read a stream of Server-Sent Events from any server: reconnect after cuts, resume with `Last-Event-ID`.
 * The loop ends at the event that `until` accepts, at a `204`, and at an abort. The first request is made
 * when the loop asks for the first event.
 *
 * The iterator throws an AnswerError if the server refuses permanently, a ConnectionError if the first answer
 * is not an event stream or if a cut request must not be repeated, and a RangeError if an event is too large.
 *
 * @throws TypeError if the URL is invalid, or if the body is a stream.
 */
export function readEventStream(
  source: StreamSource,
  options: EventStreamOptions & { readonly comments: true },
): EventStream<StreamEvent | StreamComment>;
export function readEventStream(source: StreamSource, options?: EventStreamOptions): EventStream<StreamEvent>;
export function readEventStream(
  source: StreamSource,
  options: EventStreamOptions = {},
): EventStream<StreamEvent | StreamComment> {
  if ((options.body as unknown) instanceof ReadableStream) throw new TypeError("the body cannot be a stream");
  const session = createStreamSession(source, options);
  const events = readAll(session);
  return {
    get lastEventId() {
      return session.lastEventId;
    },
    next: () => events.next(),
    async return() {
      // A generator's own `return` would wait for the network.
      session.stop();
      return (await events.return(undefined)) as IteratorReturnResult<undefined>;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* readAll(
  session: StreamSession,
): AsyncGenerator<StreamEvent | StreamComment, undefined, void> {
  const { signal } = session;
  try {
    while (!signal.aborted) {
      try {
        if (yield* readOnce(session)) return;
      } catch (error) {
        if (signal.aborted) return;
        await beforeRetry(session, error);
      }
    }
  } finally {
    session.stop();
  }
}
