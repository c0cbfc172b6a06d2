import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** Options of a connection. */
export interface ConnectOptions {
  /** Accept any certificate, for test servers with a self-signed one. */
  readonly insecure?: boolean;
  /** Drop the connection once more bytes than this have come. @defaultValue no limit */
  readonly maxBytes?: number;
}

/** Open a socket to the origin of a URL; `http` is plain TCP, `https` is TLS with HTTP/1.1 only. */
export function openSocket(origin: URL, options: ConnectOptions = {}): Socket {
  const host = origin.hostname.replace(/^\[|\]$/g, "");
  const secure = origin.protocol === "https:";
  const port = origin.port === "" ? (secure ? 443 : 80) : Number(origin.port);
  if (!secure) return connectTcp({ host, port, noDelay: true });
  const servername = /^[\d.]+$|:/.test(host) ? undefined : host;
  return connectTls({
    host,
    port,
    ALPNProtocols: ["http/1.1"],
    rejectUnauthorized: !options.insecure,
    ...(servername === undefined ? {} : { servername }),
  });
}
