// app/channels/[channel]/route.js
import { MemoryLog } from "@tidemark/log-memory";
import { channels } from "@tidemark/server-fetch";

globalThis.channels ??= channels(new MemoryLog()); // survives a reload of this file in development
const handle = (request) => globalThis.channels(request);

export { handle as DELETE, handle as GET, handle as HEAD, handle as OPTIONS };
export const dynamic = "force-dynamic";
export { handle as PATCH, handle as POST, handle as PUT }; // PATCH and PUT get our 405
