import { createServer } from "node:http";
import { MemoryLog } from "@tidemark/log-memory";
import { channels } from "@tidemark/server-fetch/node";

const handle = channels(new MemoryLog());
const server = createServer((req, res) => handle(req, res) || res.writeHead(404).end());
server.listen(process.env.PORT ?? 3000);
