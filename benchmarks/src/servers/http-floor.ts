import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { blockOf, type Channel, type ContiguousLog, channels } from "./contiguous-log.ts";
import { tell } from "./tell.ts";

const channelOf = channels<ServerResponse>();

function sendPage(response: ServerResponse, log: ContiguousLog, from: number, limit: number): void {
  const { pieces, to } = log.page(from, limit);
  const [start, slice, end] = pieces;
  response.writeHead(200, {
    "Content-Type": "application/json",
    "Cache-Control": "no-cache",
    ETag: `"${from}-${to}"`,
    "Content-Length": start.length + slice.length + end.length,
  });
  if (slice.length < 16_384) {
    response.end(start + slice.toString("latin1") + end, "latin1");
    return;
  }
  response.cork();
  response.write(start, "latin1");
  response.write(slice);
  response.end(end, "latin1");
}

function poll(
  request: IncomingMessage,
  response: ServerResponse,
  { log }: Channel<ServerResponse>,
  from: number,
  limit: number,
): void {
  const tag = `"${from}-${Math.min(log.count, from + limit)}"`;
  if (request.headers["if-none-match"] === tag) response.writeHead(304, { ETag: tag }).end();
  else sendPage(response, log, from, limit);
}

function open(response: ServerResponse, { streams }: Channel<ServerResponse>): void {
  response.writeHead(200, { "Content-Type": "text/event-stream" }).write(": open\n\n");
  streams.add(response);
  response.once("close", () => streams.delete(response));
}

async function replay(response: ServerResponse, { texts }: Channel<ServerResponse>): Promise<void> {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  const AT_ONCE = 1_000;
  for (let from = 0; from < texts.length; from += AT_ONCE) {
    const blocks = texts.slice(from, from + AT_ONCE).map((text, index) => blockOf(text, from + index + 1));
    if (!response.write(Buffer.from(blocks.join(""), "latin1"))) await once(response, "drain");
  }
}

function publish(request: IncomingMessage, response: ServerResponse, channel: Channel<ServerResponse>): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    for (const text of Buffer.concat(chunks).toString("latin1").split("\n")) {
      channel.log.append(text);
      channel.texts.push(text);
      const block = Buffer.from(blockOf(text, channel.log.count), "latin1");
      for (const stream of channel.streams) stream.write(block);
    }
    const { held, log } = channel;
    channel.held = [];
    for (const waiting of held) sendPage(waiting, log, log.count - 1, 1_000);
    const body = `{"cursor":"${log.count}"}`;
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length }).end(body);
  });
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://floor");
  const [, what, name = ""] = pathname.split("/");
  const channel = channelOf(name);
  const from = Number(searchParams.get("after") ?? 0);
  const limit = Number(searchParams.get("limit") ?? 1_000);
  if (what === "publish") publish(request, response, channel);
  else if (what === "stream") open(response, channel);
  else if (what === "replay") void replay(response, channel);
  else if (what === "wait" && from >= channel.log.count) channel.held.push(response);
  else poll(request, response, channel, from, limit);
}

const server = createServer(answer).listen(0, "127.0.0.1");
await once(server, "listening");
tell((server.address() as AddressInfo).port);
