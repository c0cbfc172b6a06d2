// Reads a stream chunk by chunk, as it comes from the socket.
import { type ClientRequest, get, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { createEventStreamDecoder, type StreamEvent, type StreamItem } from "@tidemark/protocol";

/** A stream that is read. */
export interface OpenedStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly response: IncomingMessage;
  /** The next item of any kind; undefined at the end. */
  item(): Promise<StreamItem | undefined>;
  /** The next event; undefined at the end. */
  event(): Promise<StreamEvent | undefined>;
  /** All events up to the end of the stream. */
  rest(): Promise<StreamEvent[]>;
  /** Go away, as a closed tab does. */
  close(): void;
}

/** Open a stream and wait for its header fields. */
export async function openStream(
  url: string,
  headers: Record<string, string> = { Accept: "text/event-stream" },
): Promise<OpenedStream> {
  let request: ClientRequest | undefined;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request = get(url, { headers, agent: false }, resolve).on("error", reject);
  });
  response.on("error", () => response.destroy()); // the server cut it: the iteration then just ends
  const items = itemsOf(response);
  const item = async (): Promise<StreamItem | undefined> => {
    const { value, done } = await items.next();
    return done ? undefined : value;
  };
  const event = async (): Promise<StreamEvent | undefined> => {
    for (;;) {
      const next = await item();
      if (next === undefined || next.type === "event") return next?.event;
    }
  };
  const rest = async (): Promise<StreamEvent[]> => {
    const events: StreamEvent[] = [];
    for (let next = await event(); next; next = await event()) events.push(next);
    return events;
  };
  const { statusCode = 0, headers: received } = response;
  return {
    status: statusCode,
    headers: received,
    response,
    item,
    event,
    rest,
    close: () => request?.destroy(),
  };
}

async function* itemsOf(response: IncomingMessage): AsyncGenerator<StreamItem, undefined> {
  const decoder = createEventStreamDecoder();
  try {
    for await (const chunk of response) yield* decoder.push(chunk);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ECONNRESET")) throw error;
  }
  return undefined;
}
