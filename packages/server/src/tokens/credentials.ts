import type { RequestHeaders } from "@tidemark/server-core";

/**
 * The token of a request: from `Authorization: Bearer`, else from the cookie of this name. Undefined if there is none;
 * empty, which is no valid token, for another scheme.
 */
export function tokenOf(headers: RequestHeaders, cookie: string | undefined): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) return /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1] ?? "";
  return cookie === undefined ? undefined : cookieOf(headers.cookie ?? "", cookie);
}

function cookieOf(field: string, name: string): string | undefined {
  for (const pair of field.split(";")) {
    const at = pair.indexOf("=");
    if (at < 0 || pair.slice(0, at).trim() !== name) continue;
    return pair
      .slice(at + 1)
      .trim()
      .replace(/^"(.*)"$/, "$1");
  }
  return undefined;
}
