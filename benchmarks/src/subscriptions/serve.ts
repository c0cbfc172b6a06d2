import { MemoryLog } from "@tidemark/log-memory";
import { listen } from "@tidemark/server";
import { tell } from "../servers/tell.ts";

const log = new MemoryLog();
await log.append("news", [{ json: '"hello"' }]);
const { port } = await listen(log, { port: 0 });
tell(port);
