import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tidemark } from "@tidemark/server";
import Koa from "koa";
import { CountedLog } from "./counted-log.ts";
import { tell } from "./tell.ts";

const log = new CountedLog();
const server = new Koa().use(tidemark(log)).listen(0, "127.0.0.1");
await once(server, "listening");
tell((server.address() as AddressInfo).port, () => log.reads);
