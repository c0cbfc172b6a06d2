import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** What an exchange uses of its connection. */
export type Line = Pick<Socket, "on" | "once" | "write" | "destroy" | "pause" | "resume" | "bytesRead">;

/** A connection for several requests, one after another. */
export interface Kept {
  /** The part of the connection that belongs to the next request. */
  line(): Line;
  /** The answer on this line is whole; `surplus` belongs to the next one. */
  release(line: Line, surplus: readonly Uint8Array[]): void;
}

/** Options of a connection. */
export interface ConnectOptions {
  /** Send on this connection, which stays open afterwards. @defaultValue a new one */
  readonly kept?: Kept;
  /** Accept any certificate, for test servers with a self-signed one. */
  readonly insecure?: boolean;
  /** How long a body of several pieces waits for an early refusal, in milliseconds. @defaultValue 1000 */
  readonly earlyAnswerMs?: number;
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
