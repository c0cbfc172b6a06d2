import { noClock } from "../../../testing/clients/no-clock.ts";
import { type Answering, end, scriptedOrigin } from "../../../testing/servers/scripted-origin.ts";
import {
  type EventStreamOptions,
  readEventStream,
  type StreamComment,
  type StreamEvent,
} from "../src/event-stream.ts";

/** A stream of a server that is not ours. */
export function plain(
  body: string | Uint8Array,
  then: Answering = end,
  type = "text/event-stream",
): Answering {
  return async (response, asked) => {
    response.writeHead(200, { "content-type": type });
    response.flushHeaders();
    if (body.length > 0) await new Promise<void>((resolve) => response.write(body, () => resolve()));
    await then(response, asked);
  };
}

export const gone: Answering = (response) => {
  response.writeHead(204, {});
  response.end();
};

export interface Seen {
  readonly items: (StreamEvent | StreamComment)[];
  readonly origin: Awaited<ReturnType<typeof scriptedOrigin>>;
  readonly waits: readonly number[];
  readonly error: unknown;
}

/** Read until the stream ends; the waits take no time. */
export async function read(scripts: readonly Answering[], options: EventStreamOptions = {}): Promise<Seen> {
  const origin = await scriptedOrigin(...scripts);
  const { delay, waits } = noClock();
  const items: (StreamEvent | StreamComment)[] = [];
  let error: unknown;
  try {
    const stream = readEventStream(origin.url, { delay, onRetry: () => {}, ...options });
    for await (const item of stream) items.push(item);
  } catch (failure) {
    error = failure;
  }
  await origin.close();
  return { items, origin, waits, error };
}

export const idsSent = ({ origin }: Seen): unknown[] =>
  origin.asked.map(({ headers }) => headers["last-event-id"]);
