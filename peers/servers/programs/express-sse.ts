// express-sse, as its README shows it.
import express from "express-4";
import SSE from "express-sse";
import { listen, publisher, ready, tick } from "./program.ts";

const sse = new SSE();
const publish = (payload: string): unknown => sse.send(payload);

const app = express();
app.get("/stream", sse.init);
const origin = await listen(app);
tick(publish);
ready({ url: `${origin}/stream`, publish: await publisher(publish) });
