import { type Delay, delay } from "@tidemark/client-core/kit";

/** How much faster watchdogs expire. */
export const HASTE = 30;

/** A clock on which watchdogs expire 30 times as fast, probes take their time, and other waits take none. */
export const fastWatchdogs: Delay = async (ms, signal, purpose) => {
  if (purpose === "watchdog") await delay(ms / HASTE, signal);
  if (purpose === "probe") await delay(ms, signal);
};
