/** Which pages of other origins may use the channels. */
export interface CorsOptions {
  /** `*`, or the origins that may; pages of others can then neither read nor publish. @defaultValue "*" */
  readonly origin?: "*" | readonly string[];
  /** Let browsers send cookies; needs a list of origins. @defaultValue false */
  readonly credentials?: boolean;
}

/** What a page's script may see beyond the safelisted fields. Spec: core, CORE-ORIGIN-2. */
const EXPOSED = "Tidemark, ETag, Retry-After, Location, WWW-Authenticate";
const REQUEST_HEADERS = "Content-Type, Idempotency-Key, Authorization, Last-Event-ID";
/** Seconds for which a browser need not ask again; more than two hours none keeps it. */
const PREFLIGHT_AGE_S = 7_200;

/** What of a request its origin is judged by. */
export interface OriginRequest {
  readonly method: string;
  readonly origin: string | undefined;
  /** The host and port that it was sent to. */
  readonly host: string;
}

/**
 * Whether a `POST` or `DELETE` comes from no page, or from one that may: where not all origins may, those of the list
 * and the server's own. Spec: publishing, PUB-ORIGIN-1.
 */
export function mayPublish(
  options: CorsOptions | null,
  { method, origin: own = "", host }: OriginRequest,
): boolean {
  const { origin = "*" } = options ?? { origin: [] };
  const writes = method === "POST" || method === "DELETE";
  if (!writes || origin === "*" || own === "" || origin.includes(own)) return true;
  return URL.canParse(own) && new URL(own).host === host;
}

/** The header fields for other origins on every answer. @throws TypeError for credentials with `*` */
export function cors(options: CorsOptions): (origin: string | undefined) => Readonly<Record<string, string>> {
  const { origin = "*", credentials = false } = options;
  if (origin === "*" && credentials) throw new TypeError("cors: credentials need a list of origins, not *");
  const expose = { "Access-Control-Expose-Headers": EXPOSED };
  const all = { "Access-Control-Allow-Origin": "*", ...expose };
  return (own = "") => {
    if (origin === "*") return all;
    if (!origin.includes(own)) return {};
    const withCookies = credentials && { "Access-Control-Allow-Credentials": "true" };
    return { "Access-Control-Allow-Origin": own, ...expose, ...withCookies };
  };
}

/** What the answer to a preflight says beyond that. Spec: core, CORE-ORIGIN-3. */
export function preflightHeaders(allow: string): Readonly<Record<string, string>> {
  return {
    "Access-Control-Allow-Methods": allow,
    "Access-Control-Allow-Headers": REQUEST_HEADERS,
    "Access-Control-Max-Age": String(PREFLIGHT_AGE_S),
  };
}
