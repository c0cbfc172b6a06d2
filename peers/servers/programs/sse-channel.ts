// sse-channel with its history, as its README shows it; messages with an id are kept.
import SseChannel from "sse-channel";
import { listen, publisher, ready, tick } from "./program.ts";

const channel = new SseChannel();
let id = 0;
const publish = (data: string): void => {
  id += 1;
  channel.send({ id, data });
};

const origin = await listen((req, res) => {
  if (req.url === "/channel") channel.addClient(req, res);
  else res.writeHead(404).end();
});
tick(publish);
ready({ url: `${origin}/channel`, publish: await publisher(publish) });
