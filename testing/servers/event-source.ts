// Reads a stream chunk by chunk, as it arrives from the socket.
import { type ClientRequest, get, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { createEventStreamDecoder } from "@tidemark/protocol";

/** An event of a stream. */
export interface StreamEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

/** An item of a stream. */
export type StreamItem =
  | { readonly type: "event"; readonly event: StreamEvent }
  | { readonly type: "bookmark"; readonly id: string }
  | { readonly type: "retry"; readonly retryMs: number }
  | { readonly type: "comment"; readonly text: string };

/** An open stream. */
export interface OpenedStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly response: IncomingMessage;
  /** The next item of any kind; undefined at the end. */
  item(): Promise<StreamItem | undefined>;
  /** The next event; undefined at the end. */
  event(): Promise<StreamEvent | undefined>;
  /** The next event that is no heartbeat, which may come at any time; undefined at the end. */
  message(): Promise<StreamEvent | undefined>;
  /** All events up to the end of the stream. */
  rest(): Promise<StreamEvent[]>;
  /** Disconnect, as a closed tab does. */
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
  response.on("error", () => response.destroy()); // the server cut the stream: just end the iteration
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
  const message = async (): Promise<StreamEvent | undefined> => {
    for (;;) {
      const next = await event();
      if (next?.event !== "$heartbeat") return next;
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
    message,
    rest,
    close: () => request?.destroy(),
  };
}

async function* itemsOf(response: IncomingMessage): AsyncGenerator<StreamItem, undefined> {
  let items: StreamItem[] = [];
  const { push } = createEventStreamDecoder({
    event: (event, data, id) => items.push({ type: "event", event: { event, data, id } }),
    bookmark: (id) => items.push({ type: "bookmark", id }),
    retry: (retryMs) => items.push({ type: "retry", retryMs }),
    comment: (text) => items.push({ type: "comment", text }),
  });
  try {
    for await (const chunk of response) {
      push(chunk);
      yield* items;
      items = [];
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ECONNRESET")) throw error;
  }
  return undefined;
}
