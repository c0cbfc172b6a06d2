import cluster from "node:cluster";
import type { RunningServer } from "../listen.ts";
import { SharedPort } from "./shared-port.ts";
import { Slot, type SlotOptions } from "./slot.ts";

/** Options of {@link startWorkers}. */
export interface WorkersOptions extends Omit<SlotOptions, "port"> {
  readonly count: number;
  /** 0 takes a free one. */
  readonly port: number;
}

/**
 * Run the present command in so many processes more, which share one port. Resolves when all of them listen; rejects
 * with why one could not. From then on, one that ends is started again.
 */
export async function startWorkers(options: WorkersOptions): Promise<Pick<RunningServer, "url" | "close">> {
  const { count, log, report } = options;
  cluster.schedulingPolicy = cluster.SCHED_RR; // streams last: left to chance, one worker would hold most of them
  cluster.setupPrimary({ serialization: "advanced" });
  const port = new SharedPort(options.port);
  const slots = Array.from({ length: count }, (_, i) => new Slot(i + 1, { port, log, report }));
  const kill = (): void => {
    for (const slot of slots) slot.kill();
  };
  process.once("exit", kill);
  let closing: Promise<void> | undefined;
  const close = async (windowMs: number): Promise<void> => {
    await Promise.all(slots.map((slot) => slot.drain(windowMs)));
    await log?.dispose();
  };
  try {
    const [url = ""] = await Promise.all(slots.map((slot) => slot.start()));
    return { url, close: ({ windowMs = 5_000 } = {}) => (closing ??= close(windowMs)) };
  } catch (error) {
    kill();
    await log?.dispose();
    throw error;
  }
}
