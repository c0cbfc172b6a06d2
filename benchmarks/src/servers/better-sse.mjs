// better-sse as its README shows it: one channel object per channel with its sessions, and a broadcast per publish.
import { once } from "node:events";
import { createServer } from "node:http";
import { createChannel, createSession } from "better-sse";
import { tell } from "./tell.ts";

const channels = new Map();

function channelOf(name) {
  const known = channels.get(name);
  if (known) return known;
  const channel = createChannel();
  channels.set(name, channel);
  return channel;
}

async function answer(request, response) {
  const [, what, name] = (request.url ?? "").split("/");
  const channel = channelOf(name);
  if (what === "stream") {
    channel.register(await createSession(request, response));
    return;
  }
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  channel.broadcast(JSON.parse(Buffer.concat(chunks).toString()));
  response.writeHead(200, { "Content-Length": 0 }).end();
}

const server = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
await once(server, "listening");
tell(server.address().port);
