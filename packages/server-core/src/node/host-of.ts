import type { IncomingMessage } from "node:http";

/** The host that the client named: `:authority` of HTTP/2, else the field `Host`. */
export function hostOf({ headers }: IncomingMessage): string | undefined {
  const authority = headers[":authority"];
  return typeof authority === "string" ? authority : headers.host;
}
