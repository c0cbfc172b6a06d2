/** The longest wait that a server can ask for, in milliseconds. */
export const MAX_WAIT_MS = 300_000;

const FIRST_BOUND_MS = 1_000;
const LAST_BOUND_MS = 60_000;

/** A random time below a bound that doubles with each consecutive failure: 1 s, 2 s, 4 s, up to 60 s. */
export function fullJitter(failures: number): number {
  return Math.random() * Math.min(LAST_BOUND_MS, FIRST_BOUND_MS * 2 ** (failures - 1));
}

/** The application's wait after this many failures; what is not a number from 0 (such as NaN) means the default. */
export function retryDelay(
  { retryDelayMs = fullJitter }: { readonly retryDelayMs?: ((failures: number) => number) | undefined },
  failures: number,
): number {
  const ms = retryDelayMs(failures);
  return ms >= 0 ? ms : fullJitter(failures);
}

/**
 * Parse `Retry-After` into milliseconds. It holds seconds, or a date (proxies send dates); undefined if it is
 * neither, or if the date has passed.
 */
export function readRetryAfter(header: string | null): number | undefined {
  if (/^\d+$/.test(header ?? "")) return Number(header) * 1000;
  const ms = header?.endsWith("GMT") ? Date.parse(header) - Date.now() : 0;
  return ms > 0 ? ms : undefined;
}
