import type { ServerResponse } from "node:http";

/** Whether the client has disconnected, or the response was cut. Responses of `node:http2` have no `destroyed`. */
export function isDestroyed(
  res: ServerResponse & { readonly stream?: { readonly destroyed: boolean } },
): boolean {
  return res.destroyed ?? res.stream?.destroyed ?? false;
}
