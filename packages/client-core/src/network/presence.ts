import { ConnectionError } from "../errors/errors.ts";
import type { Stoppable } from "./on-abort.ts";

/** How often a page looks at the clock, in milliseconds. */
const TICK_MS = 5_000;

/** A look this late shows that the machine slept, in milliseconds: hidden pages get one every minute. */
const SLEPT_MS = 75_000;

/** How long a page that is put aside waits, in milliseconds; its timers stop before, until it returns. */
const ASIDE_MS = 1_000;

/**
 * Drop a connection when the platform shows that it is usually dead, so that nobody waits for it: when the
 * network is back, and when the machine has slept. A page that is frozen, or put into the back/forward cache,
 * drops its connections before: with open ones, it could not stay in the cache.
 */
export function dropIfStale({ signal, stop }: Stoppable): void {
  if (!globalThis.addEventListener) return;
  const drop = (text: string, retryAfterMs?: number) => (): void =>
    stop(new ConnectionError("offline", text, { retryAfterMs }));
  const leave = drop("the page was put aside", ASIDE_MS);
  globalThis.addEventListener("online", drop("the network was down"), { signal });
  globalThis.addEventListener("pagehide", leave, { signal });
  globalThis.document?.addEventListener("freeze", leave, { signal });
  const wake = drop("the machine slept", 0);
  let lookedAt = Date.now();
  const ticks = setInterval(() => {
    if (Date.now() - lookedAt > SLEPT_MS) wake();
    lookedAt = Date.now();
  }, TICK_MS);
  signal.addEventListener("abort", () => clearInterval(ticks));
}
