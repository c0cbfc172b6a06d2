import { connect, type NatsConnection, type NodeConnectionOptions } from "@nats-io/transport-node";
import { unavailable } from "./failures.ts";

/**
 * Where NATS is: a URL, several servers of one cluster, or the options of nats.js, which also hold credentials.
 *
 * URLs are `nats://user:password@host:port,host:port`, or `nats://token@host`; `tls` in the place of `nats` for TLS.
 */
export type NatsAddress = string | readonly string[] | NodeConnectionOptions;

/** The longest wait for a connection, and for an answer, in milliseconds. */
const SILENCE_MS = 5_000;
const PING_MS = 10_000;

/** A link that is looked for until the log is disposed of. @throws ProtocolError `unavailable` */
export async function connectTo(address: NatsAddress): Promise<NatsConnection> {
  try {
    return await connect({
      timeout: SILENCE_MS,
      pingInterval: PING_MS,
      noAsyncTraces: true, // else each request makes an error, in case that it has to tell one
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

/** How long an answer is waited for, in milliseconds: as long as a connection. */
export function answerMs(address: NatsAddress): number {
  return optionsOf(address).timeout ?? SILENCE_MS;
}

const URL_FORM = /^(nats|tls):\/\/(?:([^@/:]*)(?::([^@/]*))?@)?([^@/?#]+)\/?$/;

/** An address as nats.js takes it. @throws RangeError for a URL that is none of NATS */
export function optionsOf(address: NatsAddress): NodeConnectionOptions {
  if (isList(address)) return { servers: [...address] };
  if (typeof address !== "string") return address;
  const [, scheme, user, pass, hosts = ""] = URL_FORM.exec(address) ?? [];
  if (hosts === "")
    throw new RangeError(
      "The address of NATS has to be nats://user:password@host:port,host:port, or tls://...",
    );
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
