import { connect, type NatsConnection, type NodeConnectionOptions } from "@nats-io/transport-node";
import { unavailable } from "./failures.ts";

/**
 * The address of NATS: a URL, several servers of one cluster, or the options of nats.js, which can have
 * credentials.
 *
 * URLs are `nats://user:password@host:port,host:port`, or `nats://token@host`; use `tls` instead of `nats`
 * for TLS.
 */
export type NatsAddress = string | readonly string[] | NodeConnectionOptions;

/** The longest wait for a connection or an answer, in milliseconds. */
const SILENCE_MS = 5_000;
const PING_MS = 10_000;

/** Connect, and keep reconnecting until the log is disposed of. @throws ProtocolError `unavailable` */
export async function connectTo(address: NatsAddress): Promise<NatsConnection> {
  try {
    return await connect({
      timeout: SILENCE_MS,
      pingInterval: PING_MS,
      noAsyncTraces: true, // otherwise each request creates an Error for its stack trace
      reconnectTimeWait: 100,
      reconnectJitter: 400,
      ...optionsOf(address),
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
    });
  } catch (error) {
    throw unavailable(`NATS cannot be reached: ${error instanceof Error ? error.message : error}`, error);
  }
}

/** The timeout of an answer, in milliseconds: that of a connection. */
export function answerMs(address: NatsAddress): number {
  return optionsOf(address).timeout ?? SILENCE_MS;
}

const URL_FORM = /^(nats|tls):\/\/(?:([^@/:]*)(?::([^@/]*))?@)?([^@/?#]+)\/?$/;

/** Convert an address to options of nats.js. @throws RangeError for an invalid NATS URL */
export function optionsOf(address: NatsAddress): NodeConnectionOptions {
  if (isList(address)) return { servers: [...address] };
  if (typeof address !== "string") return address;
  const [, scheme, user, pass, hosts = ""] = URL_FORM.exec(address) ?? [];
  if (hosts === "")
    throw new RangeError("The NATS address must be nats://user:password@host:port,host:port, or tls://...");
  return {
    servers: hosts.split(","),
    ...(scheme === "tls" && { tls: {} }),
    ...(user && pass && { user: decodeURIComponent(user), pass: decodeURIComponent(pass) }),
    ...(user && !pass && { token: decodeURIComponent(user) }),
  };
}

function isList(address: NatsAddress): address is readonly string[] {
  return Array.isArray(address);
}
