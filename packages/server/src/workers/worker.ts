import type { Socket } from "node:net";
import type { Log } from "@tidemark/log";
import { explain } from "../explain.ts";
import { createServing, type ServingOptions } from "../serving.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { PassedConnections } from "./passed-connections.ts";
import { ProxiedLog } from "./proxied-log.ts";

/** Options of {@link runWorker}. */
export interface WorkerOptions extends ServingOptions {
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
  process.on("message", (message: ToWorker, socket?: Socket) => {
    if (message.type === "log") proxied.take(message.reply);
    else if (message.type === "drain")
      starting.then(({ close }) => close(message.windowMs)).then(() => process.exit(0), fail);
    else if (socket !== undefined) starting.then(({ take }) => take(socket), fail);
  });
  process.on("disconnect", () => process.exit(1)); // without the primary process there is nothing to serve
  process.on("SIGTERM", () => tell({ type: "leaving", windowMs: drainMs }));
  process.on("SIGINT", () => {});
  starting.then(() => tell({ type: "ready" }), fail);
}

async function start(openLog: () => Promise<Log>, options: ServingOptions) {
  const log = await openLog();
  if (!(log instanceof ProxiedLog)) tellHealth(log);
  const { server, close } = createServing(log, options);
  const connections = new PassedConnections(server);
  return {
    take: (socket: Socket) => connections.take(socket),
    close: (windowMs: number) => close(windowMs, () => connections.close()),
  };
}

/** What each worker would tell people is left to the primary process, which tells it once. */
function tellHealth(log: Log): void {
  if (log.health) tell({ type: "health", health: log.health(), isFirst: true });
  log.onHealth?.((health) => tell({ type: "health", health, isFirst: false }));
}

/** What cannot be reported at the terminal once by each worker is left to the primary process. */
function fail(error: unknown): void {
  process.send?.({ type: "failed", reason: explain(error) } satisfies FromWorker, () => process.exit(1));
}

function tell(message: FromWorker): void {
  process.send?.(message);
}
