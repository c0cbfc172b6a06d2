import { MemoryLog } from "@tidemark/log-memory";
import { channels } from "@tidemark/server-fetch";
import { H3, serve } from "h3";

const handle = channels(new MemoryLog());
const app = new H3().all("/channels/:channel", (event) => handle(event.req));
serve(app, { port: process.env.PORT ?? 3000 });
