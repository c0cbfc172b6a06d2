/** Where a request for a channel goes. */
export interface Target {
  /** The channel's name, decoded; `null` if it is invalid. */
  readonly channel: string | null;
  /** The query including `?`, or an empty string. */
  readonly search: string;
  /** The authority of an absolute target, which takes precedence over `Host`. */
  readonly host: string | undefined;
}

/** A parsed request target. */
export interface RequestTarget {
  readonly path: string;
  /** The query including `?`, or an empty string. */
  readonly search: string;
  /** The authority of an absolute target, which takes precedence over `Host`. */
  readonly host: string | undefined;
}

const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/is;

/**
 * Parse a request target (RFC 9112, 3.2): a path, an absolute URL, or `*` for OPTIONS. Undefined for any other text,
 * which gets a `400`. Nothing is decoded, and no dot segment is removed.
 */
export function readTarget(method: string | undefined, url: string): RequestTarget | undefined {
  if (url.charCodeAt(0) === 0x2f) return split(url, undefined);
  if (url === "*") return method === "OPTIONS" ? { path: "*", search: "", host: undefined } : undefined;
  const [whole, host = "", rest = ""] = ABSOLUTE.exec(url) ?? [];
  if (whole === undefined || !isAuthority(host)) return undefined;
  return split(rest.startsWith("/") ? rest : `/${rest}`, host);
}

/** Whether the authority is valid. User information is rejected too (RFC 9110, 4.2.4). */
function isAuthority(host: string): boolean {
  return host !== "" && !host.includes("@") && URL.canParse(`http://${host}/`);
}

function split(text: string, host: string | undefined): RequestTarget {
  const mark = text.indexOf("?");
  if (mark === -1) return { path: text, search: "", host };
  return { path: text.slice(0, mark), search: text.slice(mark), host };
}
