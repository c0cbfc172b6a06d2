import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** What a program tells the process that started it, as one line of JSON. */
export interface Ready {
  readonly url: string;
  /** Where a payload is published: `POST`, the body is the payload. */
  readonly publish?: string;
}

/** Tell that the server is ready. */
export function ready(told: Ready): void {
  console.log(JSON.stringify(told));
}

/** Listen on a free port; resolves with the origin. */
export async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return originOf(server.address() as AddressInfo);
}

export function originOf({ port }: AddressInfo): string {
  return `http://127.0.0.1:${port}`;
}

/** A server of its own that passes on what is posted to it, so that the server under test is only what its README shows. */
export async function publisher(publish: (payload: string) => unknown): Promise<string> {
  const origin = await listen(async (req, res) => {
    const parts: Buffer[] = [];
    for await (const part of req) parts.push(part as Buffer);
    await publish(Buffer.concat(parts).toString());
    res.writeHead(204).end();
  });
  return `${origin}/publish`;
}

/** Publish a message twice a second, as an application does by itself. */
export function tick(publish: (payload: string) => unknown): void {
  let n = 0;
  setInterval(() => {
    n += 1;
    void publish(`tick ${n}`);
  }, 500);
}
