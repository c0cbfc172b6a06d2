import type { ServeFlags } from "./start-serving.ts";

/** Which of the flags decide who may do what. */
export type AccessFlags = Pick<
  ServeFlags,
  "host" | "hostName" | "trustProxy" | "readOnly" | "allowRemove" | "corsOrigin" | "corsWriteOrigin"
>;

/** What a server is open to: for people, in a few lines. */
export interface Access {
  readonly lines: readonly string[];
  /** What is dangerous about it. */
  readonly warning?: string;
}

/** Say to whom `tidemark serve` opens what: it asks nobody for credentials. */
export function describeAccess(flags: AccessFlags): Access {
  const { readOnly, allowRemove, trustProxy, host, hostName = [] } = flags;
  const { origin = "*", write } = corsOf(flags);
  const writers = write ?? (origin === "*" ? [] : origin);
  const readers = origin === "*" ? "*" : [...new Set([...origin, ...writers])];
  const removes = !readOnly && allowRemove;
  const lines = [
    trustProxy
      ? "answers to any Host, which the proxy in front checks"
      : `answers to ${[...namesOf(host), ...hostName].join(", ")}`,
    `reading: open to programs and to pages of ${listed(readers)}`,
    readOnly ? "publishing: off" : `publishing: open to programs and to pages of ${listed(writers)}`,
    removes ? "removing: as publishing" : `removing: off${readOnly ? "" : " (--allow-remove)"}`,
  ];
  if (isLoopback(host)) return { lines };
  const what = readOnly ? "read" : `read${removes ? ", publish and remove" : " and publish"}`;
  return {
    lines,
    warning: `warning: nobody is asked for credentials, and ${host} is not only this machine: whoever reaches it can ${what}. Put something that authorizes in front, or listen on 127.0.0.1.`,
  };
}

/** The option `cors` that the flags stand for. */
export function corsOf({ corsOrigin, corsWriteOrigin }: AccessFlags): {
  readonly origin?: "*" | readonly string[];
  readonly write?: "*" | readonly string[];
} {
  return {
    ...(corsOrigin && { origin: allOr(corsOrigin) }),
    ...(corsWriteOrigin && { write: allOr(corsWriteOrigin) }),
  };
}

function allOr(origins: readonly string[]): "*" | readonly string[] {
  return origins.length === 1 && origins[0] === "*" ? "*" : origins;
}

function listed(origins: "*" | readonly string[]): string {
  return origins === "*" ? "every origin" : ["its own origin", ...origins].join(", ");
}

/** The names that need not be given. */
function namesOf(host: string): readonly string[] {
  if (EVERY_ADDRESS.has(host)) return ["localhost", "any address of this machine"];
  return isLoopback(host) ? ["localhost", "127.0.0.1", "[::1]"] : ["localhost", host];
}

const EVERY_ADDRESS: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d+){3}$/.test(host);
}
