/**
 * Parse the URL of a channel; in a page, it may be relative to the page.
 *
 * @throws TypeError if no request can be made to it: it is not an `http:` or `https:` URL, or it contains
 * credentials.
 */
export function channelUrl(url: string | URL): URL {
  const parsed = new URL(url, globalThis.location?.href);
  if (!/^https?:$/.test(parsed.protocol))
    throw new TypeError(`invalid URL: expected http: or https:, not ${parsed.protocol}`);
  if (parsed.username || parsed.password)
    throw new TypeError("invalid URL: it has credentials; use the option `headers`");
  return parsed;
}

/**
 * The redirect's target with the dropped query parameters restored; undefined if none was dropped. Without
 * its cursor, a read would silently start over.
 */
export function restoreQuery(asked: URL, answered: string): URL | undefined {
  const target = new URL(answered);
  let restored: URL | undefined;
  for (const [name, value] of asked.searchParams) {
    if (target.searchParams.get(name) === value) continue;
    target.searchParams.set(name, value);
    restored = target;
  }
  return restored;
}
