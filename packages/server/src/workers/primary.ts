import { channelUrl, type ListenOptions, type RunningServer } from "../listen.ts";
import { healthChecks, line, type Page, type Pages } from "../own-pages.ts";
import { SharedListener } from "./shared-listener.ts";
import { Slot, type SlotOptions } from "./slot.ts";
import { WorkersHealth } from "./workers-health.ts";

/** Options of {@link startWorkers}. */
export interface WorkersOptions extends Omit<SlotOptions, "listener" | "health" | "scrape"> {
  readonly count: number;
  /** The address that all workers share; a `port` of 0 picks a free one. */
  readonly listen: ListenOptions;
}

/** The running workers. */
export interface RunningWorkers extends Pick<RunningServer, "url" | "close"> {
  /** The health checks, for all workers together. */
  readonly checks: Pages;
  /** The metrics of all workers together. */
  readonly scrape: () => Promise<Page>;
}

/**
 * Run the current command in `count` more processes, which share one port. Resolves when all of them are ready; rejects
 * with the reason if one cannot start. After that, a worker that ends is restarted.
 */
export async function startWorkers(options: WorkersOptions): Promise<RunningWorkers> {
  const { count, listen, log, report, settings } = options;
  const { port: wanted = 3_000, host = "127.0.0.1" } = listen;
  const listener = new SharedListener();
  const health = new WorkersHealth(report);
  const scrape = async (): Promise<Page> => (await import("./collected-metrics.ts")).collectMetrics(slots);
  const shared = { listener, health, log, report, scrape, settings };
  const slots = Array.from({ length: count }, (_, i) => new Slot(i + 1, shared));
  const kill = (): void => {
    for (const slot of slots) slot.kill();
  };
  process.once("exit", kill);
  let closing: Promise<void> | undefined;
  const close = async (windowMs: number): Promise<void> => {
    listener.close();
    await Promise.all(slots.map((slot) => slot.drain(windowMs)));
    await log?.dispose();
  };
  try {
    const port = await listener.listen(wanted, host, ({ message }) => report(message));
    await Promise.all(slots.map((slot) => slot.start()));
    const url = channelUrl(port, listen);
    const engine = { health: () => log?.health?.() ?? health.present };
    const { healthz, readyz } = healthChecks(engine, () => closing !== undefined);
    const isReady = (): boolean => slots.some((slot) => slot.isReady);
    return {
      url,
      close: ({ windowMs = 5_000 } = {}) => (closing ??= close(windowMs)),
      checks: { healthz, readyz: () => (isReady() ? readyz() : line(503, "no worker")) },
      scrape,
    };
  } catch (error) {
    listener.close();
    kill();
    await log?.dispose();
    throw error;
  }
}
