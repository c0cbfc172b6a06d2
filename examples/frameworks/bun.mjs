import { MemoryLog } from "@tidemark/log-memory";
import { channels } from "@tidemark/server-fetch";

const handle = channels(new MemoryLog(), {
  remoteAddress: (request, server) => server.requestIP(request)?.address,
});
Bun.serve({ port: process.env.PORT ?? 3000, idleTimeout: 0, fetch: handle });
