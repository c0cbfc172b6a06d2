// The reference server of Durable Streams, in memory, with its defaults.
import { DurableStreamTestServer } from "@durable-streams/server";
import { tell } from "./tell.ts";

const server = new DurableStreamTestServer({ port: 0, host: "127.0.0.1" });
const url = await server.start();
tell(Number(new URL(url ?? server.baseUrl ?? server.url).port));
