// koa-sse-stream, as its README shows it, with a list of its clients.
import Koa from "koa";
import sse from "koa-sse-stream";
import { listen, publisher, ready, tick } from "./program.ts";

interface Client {
  send(data: string): void;
  on(event: "close", listener: () => void): void;
}

const clients = new Set<Client>();
const publish = (payload: string): void => {
  for (const client of clients) client.send(payload);
};

const app = new Koa();
app.use(sse({ maxClients: 5_000, pingInterval: 30_000 }));
app.use(async (ctx) => {
  const client = (ctx as unknown as { readonly sse: Client }).sse;
  clients.add(client);
  client.on("close", () => clients.delete(client));
});
const origin = await listen(app.callback());
tick(publish);
ready({ url: `${origin}/sse`, publish: await publisher(publish) });
