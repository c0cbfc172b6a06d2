// fastify-sse-v2, as its README shows it, with individual events.
import fastify from "fastify";
import { publisher, ready, tick } from "./program.ts";

const readers = new Set<(payload: string) => void>();
const publish = (payload: string): void => {
  for (const send of readers) send(payload);
};

// Its types declare a `reply.sse` that contradicts the one of @fastify/sse: leave them out.
const { FastifySSEPlugin } = await import("fastify-sse-v2" as string);

const server = fastify();
server.register(FastifySSEPlugin);
server.get("/sse", (request, reply) => {
  let id = 0;
  const send = (data: string): void => {
    (reply as unknown as { sse(event: object): void }).sse({ id: String(id), data });
    id += 1;
  };
  readers.add(send);
  request.socket.on("close", () => readers.delete(send));
});
const origin = await server.listen({ port: 0, host: "127.0.0.1" });
tick(publish);
ready({ url: `${origin}/sse`, publish: await publisher(publish) });
