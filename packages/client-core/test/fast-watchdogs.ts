import { type Delay, delay } from "../src/delay.ts";

/** How much faster watchdogs lose their patience. */
export const HASTE = 30;

/** The clock, on which watchdogs bark after a thirtieth of their time, and what else waits takes none. */
export const fastWatchdogs: Delay = async (ms, signal, purpose) => {
  if (purpose === "watchdog") await delay(ms / HASTE, signal);
  if (purpose === "probe") await delay(ms, signal);
};
