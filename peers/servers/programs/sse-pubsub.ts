// sse-pubsub, as its README shows it: it has ids and a history of 100 messages.
import express from "express-4";
import SSEChannel from "sse-pubsub";
import { listen, publisher, ready, tick } from "./program.ts";

const channel = new SSEChannel();
const publish = (payload: string): unknown => channel.publish(payload, "message");

const app = express();
app.get("/stream", (req, res) => channel.subscribe(req, res));
const origin = await listen(app);
tick(publish);
ready({ url: `${origin}/stream`, publish: await publisher(publish) });
