import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { blockOf, type Channel, type ContiguousLog, channels } from "./contiguous-log.ts";
import { tell } from "./tell.ts";

const channelOf = channels<Socket>();

const OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const STREAM = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

function sendPage(socket: Socket, log: ContiguousLog, from: number, limit: number): void {
  const { pieces, to } = log.page(from, limit);
  const [start, slice, end] = pieces;
  const length = start.length + slice.length + end.length;
  const head = `${OK}ETag: "${from}-${to}"\r\nContent-Length: ${length}\r\n\r\n`;
  if (slice.length < 16_384) {
    socket.write(head + start + slice.toString("latin1") + end, "latin1");
    return;
  }
  socket.cork();
  socket.write(head + start, "latin1");
  socket.write(slice);
  socket.write(end, "latin1");
  socket.uncork();
}

async function replay(socket: Socket, { texts }: Channel<Socket>): Promise<void> {
  socket.write(STREAM);
  const AT_ONCE = 1_000;
  for (let from = 0; from < texts.length; from += AT_ONCE) {
    const blocks = texts.slice(from, from + AT_ONCE).map((text, index) => blockOf(text, from + index + 1));
    if (!socket.write(chunk(blocks.join("")), "latin1")) await once(socket, "drain");
  }
}

function publish(socket: Socket, channel: Channel<Socket>, body: string): void {
  for (const text of body.split("\n")) {
    channel.log.append(text);
    channel.texts.push(text);
    const bytes = Buffer.from(chunk(blockOf(text, channel.log.count)), "latin1");
    for (const stream of channel.streams) stream.write(bytes);
  }
  const { held, log } = channel;
  channel.held = [];
  for (const waiting of held) sendPage(waiting, log, log.count - 1, 1_000);
  const answer = `{"cursor":"${log.count}"}`;
  socket.write(`${OK}Content-Length: ${answer.length}\r\n\r\n${answer}`);
}

function answer(socket: Socket, head: string, body: string): void {
  const [, target = ""] = head.split(" ", 2);
  const [path = "", query = ""] = target.split("?");
  const [, what, name = ""] = path.split("/");
  const channel = channelOf(name);
  const from = Number(/after=(\d+)/.exec(query)?.[1] ?? 0);
  const limit = Number(/limit=(\d+)/.exec(query)?.[1] ?? 1_000);
  if (what === "publish") publish(socket, channel, body);
  else if (what === "stream") {
    socket.write(STREAM + chunk(": open\n\n"));
    channel.streams.add(socket);
    socket.once("close", () => channel.streams.delete(socket));
  } else if (what === "replay") void replay(socket, channel);
  else if (what === "wait" && from >= channel.log.count) channel.held.push(socket);
  else {
    const tag = `"${from}-${Math.min(channel.log.count, from + limit)}"`;
    if (head.includes(`If-None-Match: ${tag}`))
      socket.write(`HTTP/1.1 304 Not Modified\r\nETag: ${tag}\r\n\r\n`);
    else sendPage(socket, channel.log, from, limit);
  }
}

/** Handles one request at a time on a connection, as the load generator sends them. */
function serve(socket: Socket): void {
  let text = "";
  socket.setNoDelay().on("error", () => socket.destroy());
  socket.on("data", (bytes) => {
    text += bytes.toString("latin1");
    const end = text.indexOf("\r\n\r\n") + 4;
    if (end < 4) return;
    const length = Number(/\r\nContent-Length: (\d+)/.exec(text.slice(0, end))?.[1] ?? 0);
    if (text.length < end + length) return;
    const [head, body] = [text.slice(0, end), text.slice(end)];
    text = "";
    answer(socket, head, body);
  });
}

const server = createServer(serve).listen({ port: 0, host: "127.0.0.1", backlog: 1_024 });
await once(server, "listening");
tell((server.address() as AddressInfo).port);
