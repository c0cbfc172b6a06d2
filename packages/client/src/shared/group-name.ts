import type { Connection } from "@tidemark/client-core/kit";

/** Part of every name: pages with another edition of these messages do not share with this one. */
const EDITION = "tidemark/1";

/** Whether this platform has what tabs need to share: only pages and workers of secure sites have it. */
export function canShare(): boolean {
  const { isSecureContext, navigator, BroadcastChannel } = globalThis as Partial<typeof globalThis>;
  return isSecureContext === true && navigator?.locks !== undefined && BroadcastChannel !== undefined;
}

/**
 * The name of the tabs that share a connection. It is a hash, so it reveals no header. Two subscriptions have
 * the same name only if they ask for the same messages with the same credentials: `reader` if the application
 * names the reader, else the values of all headers.
 */
export async function groupName(
  { url, options }: Connection["session"],
  reader: string | true,
): Promise<string> {
  const { headers, credentials = "same-origin", events, maxMessageBytes } = options;
  const own =
    reader === true && typeof headers === "function" ? await headers({ unauthorized: false }) : headers;
  const who = reader === true ? [...new Headers(own as HeadersInit | undefined)] : reader;
  const what = [url.href, events && [...new Set(events)].sort(), credentials, maxMessageBytes];
  const text = new TextEncoder().encode(JSON.stringify([what, who]));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return `${EDITION} ${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
