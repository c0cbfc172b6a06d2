import { createServer } from "node:http";
import { MemoryLog } from "@tidemark/log-memory";
import { channels } from "@tidemark/server-fetch/node";
import Fastify from "fastify";

const handle = channels(new MemoryLog());
const app = Fastify({
  serverFactory: (fastify) => createServer((req, res) => handle(req, res) || fastify(req, res)),
});
await app.listen({ port: process.env.PORT ?? 3000 });
