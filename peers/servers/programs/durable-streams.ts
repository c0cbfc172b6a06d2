// The reference server of Durable Streams, as its README shows it, with a shorter hold.
import { DurableStreamTestServer } from "@durable-streams/server";
import { ready } from "./program.ts";

const server = new DurableStreamTestServer({ port: 0, host: "127.0.0.1", longPollTimeout: 2_000 });
ready({ url: await server.start() });
