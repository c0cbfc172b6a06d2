/** The flags that decide who may do what. */
export interface AccessFlags {
  readonly host: string;
  readonly hostName?: readonly string[];
  readonly trustProxy?: boolean;
  readonly readOnly?: boolean;
  readonly allowRemove?: boolean;
  readonly corsOrigin?: readonly string[];
  readonly corsWriteOrigin?: readonly string[];
  readonly corsCredentials?: boolean;
  readonly anonymousRead?: readonly string[];
  readonly jwks?: string;
  readonly jwtSecret?: string;
  readonly jwtSecretFile?: string;
  readonly apiKeys?: string;
}

/** Who may do what on a server, in a few lines for the operator. */
export interface Access {
  readonly lines: readonly string[];
  /** Present if the server is open to more than this machine. */
  readonly warning?: string;
}

/** Whether the server asks for a token. */
export function asksForTokens({ jwks, jwtSecret, jwtSecretFile, apiKeys }: AccessFlags): boolean {
  return [jwks, jwtSecret, jwtSecretFile, apiKeys].some((each) => each !== undefined);
}

/** Describe who may do what on `tidemark serve`. */
export function describeAccess(flags: AccessFlags): Access {
  const { readOnly, allowRemove, trustProxy, host, hostName = [] } = flags;
  const { origin = "*", write } = corsOf(flags);
  const writers = write ?? (origin === "*" ? [] : origin);
  const readers = origin === "*" ? "*" : [...new Set([...origin, ...writers])];
  const removes = !readOnly && allowRemove;
  const isGuarded = asksForTokens(flags);
  const { anonymousRead = [] } = flags;
  const token = isGuarded ? " with a token" : "";
  const open = anonymousRead.length > 0 ? `; without a token: ${anonymousRead.join(", ")}` : "";
  const lines = [
    trustProxy
      ? "answers to any Host (the proxy in front has to check it)"
      : `answers to ${[...namesOf(host), ...hostName].join(", ")}`,
    `reading: open to programs and to pages of ${listed(readers)}${token}${open}`,
    readOnly ? "publishing: off" : `publishing: open to programs and to pages of ${listed(writers)}${token}`,
    removes ? "removing: as publishing" : `removing: off${readOnly ? "" : " (--allow-remove)"}`,
  ];
  if (isGuarded || isLoopback(host)) return { lines };
  const what = readOnly ? "read" : `read${removes ? ", publish and remove" : " and publish"}`;
  return {
    lines,
    warning: `the server asks for no credentials, and ${host} can be reached from other machines: anyone who can connect can ${what}. Put a proxy that authorizes in front, or listen on 127.0.0.1.`,
  };
}

/** The option `cors` for these flags. */
export function corsOf({ corsOrigin, corsWriteOrigin, corsCredentials }: AccessFlags): {
  readonly credentials?: boolean;
  readonly origin?: "*" | readonly string[];
  readonly write?: "*" | readonly string[];
} {
  return {
    ...(corsOrigin && { origin: allOr(corsOrigin) }),
    ...(corsCredentials && { credentials: true }),
    ...(corsWriteOrigin && { write: allOr(corsWriteOrigin) }),
  };
}

function allOr(origins: readonly string[]): "*" | readonly string[] {
  return origins.length === 1 && origins[0] === "*" ? "*" : origins;
}

function listed(origins: "*" | readonly string[]): string {
  return origins === "*" ? "every origin" : ["its own origin", ...origins].join(", ");
}

/** The host names that are accepted without being listed. */
function namesOf(host: string): readonly string[] {
  if (EVERY_ADDRESS.has(host)) return ["localhost", "any address of this machine"];
  return isLoopback(host) ? ["localhost", "127.0.0.1", "[::1]"] : ["localhost", host];
}

const EVERY_ADDRESS: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d+){3}$/.test(host);
}
