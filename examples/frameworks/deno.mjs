import { MemoryLog } from "@tidemark/log-memory";
import { channels } from "@tidemark/server-fetch";

const handle = channels(new MemoryLog(), { remoteAddress: (_, info) => info.remoteAddr.hostname });
Deno.serve({ port: Number(Deno.env.get("PORT") ?? 3000) }, handle);
