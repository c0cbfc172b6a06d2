// An origin that answers by script and records the requests.
import type { Page } from "@tidemark/protocol";
import { type Answer, type Request, serve } from "./serve.ts";

/** A recorded request. */
export interface Asked extends Omit<Request, "url"> {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Answers one request. */
export type Answering = (response: Answer, asked: Asked) => void | Promise<void>;

export interface Origin {
  readonly url: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** Answer the first request with the first script, and so on; the last script answers the rest. */
export async function scriptedOrigin(...scripts: readonly Answering[]): Promise<Origin> {
  const asked: Asked[] = [];
  const { port, close } = await serve(async ({ url, ...request }, answer) => {
    const { pathname, searchParams } = new URL(url, "http://origin");
    const script = scripts[Math.min(asked.length, scripts.length - 1)];
    const record = { ...request, path: pathname, query: Object.fromEntries(searchParams) };
    asked.push(record);
    await script?.(answer, record);
  });
  return { url: `http://127.0.0.1:${port}/channels/a`, asked, close };
}

export const TIDEMARK =
  "v=1, mechanisms=(poll long-poll sse), max-wait=60, max-limit=1000, heartbeat=15, publish, key-ttl=60";

/** A Tidemark server's answer with a JSON body. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answering {
  return (response) => {
    const type = status < 400 ? "application/json" : "application/problem+json";
    response.writeHead(status, { tidemark: TIDEMARK, "content-type": type, ...headers });
    response.end(JSON.stringify(body));
  };
}

/** A page with messages whose cursors are their data: `page(["C1", "C2"])`. */
export function page(cursors: readonly string[], members: Partial<Page> = {}): Answering {
  const messages = cursors.map((cursor) => ({ cursor, data: cursor }));
  return json({ messages, cursor: cursors.at(-1), more: false, ...members });
}

/** A refusal with a problem of the protocol. */
export function problem(
  status: number,
  name: string,
  members: object = {},
  headers: Readonly<Record<string, string>> = {},
): Answering {
  const type = `https://tidemark.example/problems/${name}`;
  return json({ type, title: name, status, ...members }, status, headers);
}

/** An answer of something that is not a Tidemark server. */
export function foreign(status: number, headers: Readonly<Record<string, string>> = {}): Answering {
  return (response) => {
    response.writeHead(status, { "content-type": "text/html", ...headers });
    response.end("<h1>Welcome to the lounge</h1>");
  };
}

/** Send the beginning of a stream in one piece, then run `then`. */
export function stream(head: string, then: Answering = end): Answering {
  return async (response, asked) => {
    response.writeHead(200, { tidemark: TIDEMARK, "content-type": "text/event-stream" });
    response.flushHeaders();
    if (head !== "") await new Promise<void>((resolve) => response.write(head, () => resolve()));
    await then(response, asked);
  };
}

/** The first block of a stream. */
export function opening(id: string, data: object = { heartbeat: 15 }, retryMs = 7): string {
  return `retry: ${retryMs}\nevent: $open\ndata: ${JSON.stringify(data)}\nid: ${id}\n\n`;
}

/** Send a stream that begins at the requested cursor (at `id` for `start` and `end`), then run `then`. */
export function resumed(id: string, blocks = "", then: Answering = end): Answering {
  return (response, asked) => {
    const { after = "start" } = asked.query;
    const begin = after === "start" || after === "end" ? id : after;
    return stream(opening(begin) + blocks, then)(response, asked);
  };
}

/** The block of a message whose data is its cursor. */
export function block(cursor: string): string {
  return `data: "${cursor}"\nid: ${cursor}\n\n`;
}

/** The last block of a closed channel. */
export function closing(id: string): string {
  return `event: $closed\ndata: {}\nid: ${id}\n\n`;
}

/** End the answer. */
export const end: Answering = (response) => {
  response.end();
};

/** Cut the connection. */
export const cut: Answering = (response) => {
  response.destroy();
};

/** Cut the connection once the client has read up to `cursor`: on a cut, some platforms drop unread data. */
export function cutAfter(cursor: string, reader: () => { readonly cursor: string } | undefined): Answering {
  return async (response) => {
    while (reader()?.cursor !== cursor) await new Promise((resolve) => setImmediate(resolve));
    response.destroy();
  };
}

/** Send nothing more. */
export const hang: Answering = () => {};
