import { ProtocolError } from "@tidemark/protocol";
import type { Authorize, Visit } from "@tidemark/server-core";
import { channelPatterns } from "../patterns/channel-pattern.ts";
import { WatchedFile } from "../watched-file.ts";
import { type ApiKeys, findKey, type Grant, readApiKeys } from "./api-keys.ts";
import { tokenOf } from "./credentials.ts";
import { type JwtKeyOptions, JwtKeys } from "./jwt-keys.ts";
import { KnownTokens } from "./known-tokens.ts";
import { type Action, actionOf, readPermissions } from "./permissions.ts";
import { type ClaimOptions, verifyJwt } from "./verify-jwt.ts";

/** Options of {@link tokens}. */
export interface TokenOptions extends JwtKeyOptions, ClaimOptions {
  /** A file of API keys: a list of `name`, `sha256`, `read`, `publish`, `remove` and `expires`, in YAML or JSON. */
  readonly apiKeys?: string;
  /** A cookie that can contain the token, for `EventSource`, which sends no header fields. @defaultValue none */
  readonly cookie?: string;
  /** Patterns of the channels that everybody may read without a token. @defaultValue [] */
  readonly anonymousRead?: readonly string[];
  /** Called once when a file of keys has become invalid; the keys before it stay in force. @defaultValue console.error */
  readonly onError?: (error: unknown) => void;
}

/** How long a verified token is not verified again, in milliseconds. Its end is checked each time. */
const TRUST_MS = 60_000;

const REFUSED: Readonly<Record<Action, string>> = {
  read: "This token does not allow reading this channel",
  publish: "This token does not allow publishing to this channel",
  remove: "This token does not allow removing this channel",
};

/**
 * An `authorize` function for JWTs and API keys. The claim `tidemark` of a JWT has patterns of channels for `read`,
 * `publish` and `remove`; `exp` and `sub` are required. The principal is `jwt <iss> <sub>` or `key <name>`.
 * @throws Error if a file cannot be read, or a key or a pattern is invalid
 */
export function tokens(options: TokenOptions): Authorize {
  const { cookie, anonymousRead = [], apiKeys, onError = console.error } = options;
  const keys = new JwtKeys(options, onError);
  const file = apiKeys === undefined ? undefined : new WatchedFile<ApiKeys>(apiKeys, readApiKeys, onError);
  const isOpen = channelPatterns(anonymousRead);
  const known = new KnownTokens(TRUST_MS);
  const where = cookie === undefined ? "" : `, or in the cookie ${cookie}`;

  async function grantOf(token: string): Promise<Grant> {
    if (!token.includes(".")) {
      const grant = file && findKey(file.value, token);
      if (grant === undefined) throw new ProtocolError("unauthorized", "The key is not known here");
      return grant;
    }
    return known.get(token, [keys.publicKeys, ...keys.secrets], async () => {
      const { iss = "", sub = "", exp = 0, tidemark } = await verifyJwt(token, keys, options);
      const endsMs = (exp + (options.clockToleranceS ?? 5)) * 1_000;
      return { principal: `jwt ${iss} ${sub}`, permissions: permissionsOf(tidemark), endsMs };
    });
  }

  return async function authorize({ headers, method, channel }: Visit): Promise<string | undefined> {
    const token = tokenOf(headers, cookie);
    const action = actionOf(method);
    if (token === undefined) {
      if (action === "read" && isOpen(channel)) return undefined;
      throw new ProtocolError("unauthorized", `Send a token as Authorization: Bearer${where}`);
    }
    const { principal, permissions, endsMs } = await grantOf(token);
    if (Date.now() >= endsMs) throw new ProtocolError("unauthorized", "The token has expired");
    if (permissions[action](channel) || (action === "read" && isOpen(channel))) return principal;
    throw new ProtocolError("forbidden", REFUSED[action]);
  };
}

function permissionsOf(claim: unknown): Grant["permissions"] {
  try {
    return readPermissions(claim, "tidemark");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ProtocolError("unauthorized", `The claim of the token is not valid: ${why}`, { cause });
  }
}
