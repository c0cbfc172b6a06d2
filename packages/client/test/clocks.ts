import type { Delay } from "@tidemark/client-core/kit";

/** A clock on which probes are due once `due` resolves (by default at once); other waits take no time. */
export function probingClock(due: Promise<unknown> = Promise.resolve()): { delay: Delay; probes: number[] } {
  const probes: number[] = [];
  const delay: Delay = async (ms, signal, purpose) => {
    if (purpose === "watchdog") await new Promise((resolve) => signal.addEventListener("abort", resolve));
    if (purpose !== "probe") return;
    probes.push(ms);
    await due;
  };
  return { delay, probes };
}
