import type { IncomingMessage } from "node:http";

const NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Whether a request names this machine as its host. A page whose DNS name was made to point here (DNS rebinding) sends
 * its own name.
 */
export function isForLoopback({ headers }: IncomingMessage): boolean {
  const { host = "" } = headers;
  return NAMES.has(host.replace(/:\d+$/, "").toLowerCase());
}

/** Whether a request comes from a page of the server that it was sent to. */
export function isFromOwnPage({ headers }: IncomingMessage): boolean {
  return headers.origin === `http://${headers.host}`;
}
