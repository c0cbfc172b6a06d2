import type { Socket } from "node:net";
import type { Log } from "@tidemark/log";
import { explain } from "../explain.ts";
import { line, type Page } from "../own-pages.ts";
import { createServing, type ServingOptions } from "../serving.ts";
import { Asked } from "./asked.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { PassedConnections } from "./passed-connections.ts";
import { ProxiedLog } from "./proxied-log.ts";

/** Options of {@link runWorker}. */
export interface WorkerOptions extends ServingOptions {
  /** Opens this worker's own log; if it returns undefined, the worker uses the log that the primary process holds. */
  readonly openLog: () => Promise<Log | undefined>;
  /** The time over which streams are ended when only this worker is asked to end, in milliseconds. */
  readonly drainMs: number;
}

/**
 * Run as one of the workers of `startWorkers`, whose settings `prepare` turns into options, until the primary process or a SIGTERM ends this process. SIGINT is
 * ignored: a terminal sends it to all processes, and the primary process then drains the workers.
 */
export function runWorker(prepare: (settings: unknown) => Promise<WorkerOptions>): void {
  const proxied = new ProxiedLog((call) => tell({ type: "log", call }));
  const scrapes = new Asked<Page>();
  const scrape = (): Promise<Page> => pageOf(scrapes);
  let begin = (_: unknown): void => undefined;
  const options = new Promise<unknown>((resolve) => {
    begin = resolve;
  }).then(prepare);
  const starting = options.then(({ openLog, ...rest }) =>
    start(async () => (await openLog()) ?? proxied, {
      ...rest,
      ...(rest.pages && { pages: { ...rest.pages, metrics: scrape } }),
    }),
  );
  process.on("message", (message: ToWorker, socket?: Socket) => {
    if (message.type === "log") proxied.take(message.reply);
    else if (message.type === "settings") begin(message.settings);
    else if (message.type === "collect") options.then((known) => collect(message.id, known)).catch(fail);
    else if (message.type === "scraped") scrapes.take(message.id, message.page);
    else if (message.type === "drain")
      starting.then(({ close }) => close(message.windowMs)).then(() => process.exit(0), fail);
    else if (socket !== undefined) starting.then(({ take }) => take(socket), fail);
  });
  process.on("disconnect", () => process.exit(1)); // the primary process has ended, so no connections will come
  process.on("SIGTERM", () => {
    options.then(({ drainMs }) => tell({ type: "leaving", windowMs: drainMs }), fail);
  });
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

/** How long the primary process may take to answer, in milliseconds: longer than it waits for the workers. */
const SCRAPE_MS = 8_000;

async function pageOf(scrapes: Asked<Page>): Promise<Page> {
  const page = await scrapes.ask((id) => tell({ type: "scrape", id }), SCRAPE_MS);
  return page ?? line(503, "the first process does not answer");
}

async function collect(id: number, { metrics }: ServingOptions): Promise<void> {
  tell({ type: "collected", id, values: await metrics?.registry.getMetricsAsJSON() });
}

/** Send the log's health to the primary process, which reports it once for all workers. */
function tellHealth(log: Log): void {
  if (log.health) tell({ type: "health", health: log.health(), isFirst: true });
  log.onHealth?.((health) => tell({ type: "health", health, isFirst: false }));
}

/** Send the failure to the primary process, which reports it once for all workers. */
function fail(error: unknown): void {
  process.send?.({ type: "failed", reason: explain(error) } satisfies FromWorker, () => process.exit(1));
}

function tell(message: FromWorker): void {
  process.send?.(message);
}
