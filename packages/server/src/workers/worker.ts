import type { Log } from "@tidemark/log";
import { explain } from "../explain.ts";
import { type ListenOptions, listen } from "../listen.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { ProxiedLog } from "./proxied-log.ts";
import { PORT_VARIABLE } from "./slot.ts";

/** Options of {@link runWorker}. */
export interface WorkerOptions extends Omit<ListenOptions, "port"> {
  /** Opens this worker's own log; without it, the worker uses the one that the primary process holds. */
  readonly openLog: (() => Promise<Log>) | undefined;
  /** Over how long streams are spread when this worker alone is asked to end, in milliseconds. */
  readonly drainMs: number;
}

/**
 * Be one of the processes that `startWorkers` runs, until the primary process or a SIGTERM ends it. SIGINT is left to
 * the primary process: a terminal sends it to every process there is.
 */
export function runWorker({ openLog, drainMs, ...options }: WorkerOptions): void {
  const proxied = new ProxiedLog((call) => tell({ type: "log", call }));
  const starting = start(async () => (openLog ? openLog() : proxied), options);
  const drain = (windowMs: number): void => {
    starting.then((server) => server.close({ windowMs })).then(() => process.exit(0), fail);
  };
  process.on("message", (message: ToWorker) => {
    if (message.type === "log") proxied.take(message.reply);
    else drain(message.windowMs);
  });
  process.on("SIGTERM", () => drain(drainMs));
  process.on("SIGINT", () => {});
  starting.catch(fail);
}

async function start(openLog: () => Promise<Log>, options: Omit<ListenOptions, "port">) {
  const server = await listen(await openLog(), { ...options, port: Number(process.env[PORT_VARIABLE]) });
  const { url, port } = server;
  tell({ type: "listening", url, port });
  return server;
}

/** What cannot be reported at the terminal once by each worker is left to the primary process. */
function fail(error: unknown): void {
  process.send?.({ type: "failed", reason: explain(error) } satisfies FromWorker, () => process.exit(1));
}

function tell(message: FromWorker): void {
  process.send?.(message);
}
