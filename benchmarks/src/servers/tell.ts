import { monitorEventLoopDelay } from "node:perf_hooks";

/** Send this program's port, and its internal figures on request. It exits together with its parent process. */
export function tell(port: number, logReads: () => number = () => 0): void {
  const RESOLUTION_MS = 1;
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  process.on("message", () => {
    globalThis.gc?.();
    process.send?.({ heldMs: delay.max / 1e6, logReads: logReads() });
    delay.reset();
  });
  process.once("disconnect", () => process.exit());
  process.send?.({ port });
}
