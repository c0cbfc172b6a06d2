import { Agent } from "undici";

/** Above every wait that a server may grant: a held poll sends nothing, not even headers, until its wait is over. */
export const HEADERS_TIMEOUT_MS = 600_000;

/** Longer than the usual pause between two polls (5 s), so that they share a connection; a server's own hint wins. */
export const KEEP_ALIVE_MS = 30_000;

/**
 * An agent for answers that take long: a quiet stream is never cut (whoever reads it knows its heartbeat), and a held
 * poll is waited for.
 */
export function createAgent(options: Agent.Options = {}): Agent {
  return new Agent({
    bodyTimeout: 0,
    headersTimeout: HEADERS_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    ...options,
  });
}
