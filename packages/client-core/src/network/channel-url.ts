/**
 * Parse the URL of a channel; in a page, it may be relative to the page.
 *
 * @throws TypeError if no request can be made to it: it is not an `http:` or `https:` URL, or it contains
 * credentials.
 */
export function channelUrl(url: string | URL): URL {
  const parsed = new URL(url, globalThis.location?.href);
  if (!/^https?:$/.test(parsed.protocol))
    throw new TypeError(`invalid channel URL: expected http: or https:, not ${parsed.protocol}`);
  if (parsed.username || parsed.password)
    throw new TypeError("invalid channel URL: it has credentials; use the option `headers`");
  return parsed;
}
