import { listen } from "@tidemark/server";
import { Metrics } from "@tidemark/server/metrics";
import { CountedLog } from "./counted-log.ts";
import { tell } from "./tell.ts";

const log = new CountedLog();
const { port } = await listen(log, { port: 0, metrics: new Metrics() });
tell(port, () => log.reads);
