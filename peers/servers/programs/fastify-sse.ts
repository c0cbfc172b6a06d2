// @fastify/sse with the replay of its README: ids are the time, and the history is searched by id.
import type { AddressInfo } from "node:net";
import { fastifySSE } from "@fastify/sse";
import Fastify from "fastify";
import { originOf, publisher, ready, tick } from "./program.ts";

interface Message {
  readonly id: number;
  readonly data: string;
}

const history: Message[] = [];
const readers = new Set<(message: Message) => unknown>();
const publish = (data: string): void => {
  const message = { id: Date.now(), data };
  history.push(message);
  for (const send of readers) send(message);
};

const app = Fastify();
await app.register(fastifySSE, { serializer: String });
app.get("/events", { sse: true }, async (_, reply) => {
  reply.sse.sendHeaders();
  await reply.sse.replay(async (lastEventId) => {
    const at = history.findIndex(({ id }) => (id as unknown) === lastEventId);
    for (const message of history.slice(at === -1 ? 0 : at + 1)) await reply.sse.send(message as never);
  });
  const send = (message: Message): Promise<void> => reply.sse.send(message as never);
  readers.add(send);
  reply.sse.onClose(() => readers.delete(send));
  reply.sse.keepAlive();
});

await app.listen({ port: 0, host: "127.0.0.1" });
tick(publish);
const url = `${originOf(app.server.address() as AddressInfo)}/events`;
ready({ url, publish: await publisher(publish) });
