// better-sse: sessions in a channel, as its README shows it.
import { createChannel, createSession } from "better-sse";
import { listen, publisher, ready, tick } from "./program.ts";

const channel = createChannel();
const publish = (payload: string): unknown => channel.broadcast(payload, "message");

const origin = await listen(async (req, res) => {
  if (req.url !== "/sse") return void res.writeHead(404).end();
  channel.register(await createSession(req, res));
});
tick(publish);
ready({ url: `${origin}/sse`, publish: await publisher(publish) });
