import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { channels } from "@tidemark/server-fetch/node";
import { CountedLog } from "./counted-log.ts";
import { tell } from "./tell.ts";

const log = new CountedLog();
const handle = channels(log);
const server = createServer((req, res) => handle(req, res) || res.writeHead(404).end());
server.listen(0, "127.0.0.1");
await once(server, "listening");
tell((server.address() as AddressInfo).port, () => log.reads);
