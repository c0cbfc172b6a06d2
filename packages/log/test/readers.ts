import { openStream } from "../../../testing/servers/event-source.ts";

/** A reader's position and what it has read. */
export interface Reader {
  after: string;
  readonly seen: string[];
}

/** One request of a mechanism to a node: reads a few messages and disconnects. */
export type Step = (url: string, reader: Reader) => Promise<void>;

interface PageBody {
  readonly messages: readonly { readonly data: unknown }[];
  readonly cursor: string;
}

const FEW = 7;

async function page(url: string, reader: Reader, query: string): Promise<void> {
  const response = await fetch(`${url}?limit=${FEW}&after=${reader.after}${query}`);
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  const { messages, cursor } = (await response.json()) as PageBody;
  reader.seen.push(...messages.map(({ data }) => JSON.stringify(data)));
  reader.after = cursor;
}

async function stream(url: string, reader: Reader): Promise<void> {
  const opened = await openStream(`${url}?stream=1`, { "Last-Event-ID": reader.after });
  if (opened.status !== 200) throw new Error(`${opened.status}`);
  for (let count = 0; count < FEW; ) {
    const event = await opened.event();
    if (event === undefined || event.event === "$heartbeat") break;
    reader.after = event.id;
    if (event.event !== "message") continue;
    reader.seen.push(event.data);
    count += 1;
  }
  opened.close();
}

/** One step for each mechanism. */
export const STEPS: Readonly<Record<"polling" | "long polling" | "sse", Step>> = {
  polling: (url, reader) => page(url, reader, ""),
  "long polling": (url, reader) => page(url, reader, "&wait=1"),
  sse: stream,
};
