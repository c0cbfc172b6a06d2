import { concat, utf8 } from "./bytes.ts";
import { type HeaderLine, type HeaderLines, header } from "./headers.ts";

/** A request as it will be sent, byte for byte. */
export interface WireRequest {
  readonly method: string;
  /** Where to connect; its host is the value of `Host`. */
  readonly origin: URL;
  /** The request target exactly as sent, not normalised or escaped. */
  readonly target: string;
  readonly headers: HeaderLines;
  readonly body: Uint8Array | undefined;
  /** @defaultValue "1.1" */
  readonly version?: HttpVersion;
}

/** The version of HTTP in the request line. */
export type HttpVersion = "1.0" | "1.1";

/** What a caller specifies of a request; the rest has defaults. */
export interface RequestInit {
  readonly method?: string;
  /** Absolute URL; its path and query are sent unchanged. */
  readonly url: string;
  readonly headers?: HeaderLines;
  readonly body?: string | Uint8Array;
  /** @defaultValue "1.1" */
  readonly version?: HttpVersion;
}

/** Build a request. Only `Host`, `Connection: close` and `Content-Length` are added, unless given. */
export function buildRequest(init: RequestInit): WireRequest {
  const { method = "GET", url, headers = [], version } = init;
  const origin = new URL(url);
  const body = typeof init.body === "string" ? utf8(init.body) : init.body;
  const lines: HeaderLine[] = [];
  if (header(headers, "host") === undefined) lines.push(["Host", origin.host]);
  lines.push(...headers);
  if (header(headers, "connection") === undefined) lines.push(["Connection", "close"]);
  const framed = header(headers, "content-length") ?? header(headers, "transfer-encoding");
  if (body && framed === undefined) lines.push(["Content-Length", String(body.length)]);
  return {
    method,
    origin,
    target: requestTarget(url),
    headers: lines,
    body,
    ...(version ? { version } : {}),
  };
}

/** The path and query of an absolute URL, unchanged; `new URL` would rewrite some escapes. */
function requestTarget(url: string): string {
  const match = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^#]*)/i.exec(url);
  const target = match?.[1] ?? "";
  return target.startsWith("/") ? target : `/${target}`;
}

/** The bytes of the request line and the header lines. */
export function encodeHead(request: WireRequest): Uint8Array {
  const lines = request.headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.from(
    `${request.method} ${request.target} HTTP/${request.version ?? "1.1"}\r\n${lines}\r\n`,
    "latin1",
  );
}

/** All bytes of the request. */
export function encodeRequest(request: WireRequest): Uint8Array {
  return request.body ? concat([encodeHead(request), request.body]) : encodeHead(request);
}

/** The absolute URL of a request as written, but without credentials (user-info). */
export function requestUrl(request: WireRequest): string {
  return `${request.origin.protocol}//${request.origin.host}${request.target}`;
}
