import { listen } from "@tidemark/server";
import { CountedLog } from "./counted-log.ts";
import { tell } from "./tell.ts";

const log = new CountedLog();
const { port } = await listen(log, { port: 0 });
tell(port, () => log.reads);
