import { readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { MemoryLog } from "@tidemark/log-memory";
import { channels } from "@tidemark/server-fetch/node";

const handle = channels(new MemoryLog());
const tls = { key: readFileSync("key.pem"), cert: readFileSync("cert.pem"), allowHTTP1: true };
const server = createSecureServer(tls, (req, res) => handle(req, res) || res.writeHead(404).end());
server.listen(process.env.PORT ?? 3000);
