// The handler of this project for node:http, with a log in memory.
import { MemoryLog } from "@tidemark/log-memory";
import { channels } from "@tidemark/server-fetch/node";
import { listen, ready } from "./program.ts";

const handler = channels(new MemoryLog(), { publishing: { remove: true } });
ready({
  url: `${await listen((req, res) => handler(req, res) || res.writeHead(404).end())}/channels/{channel}`,
});
