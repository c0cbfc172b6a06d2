/**
 * The address of a channel, in a page relative to it.
 *
 * @throws TypeError if no request can be made there: it is not a URL of `http:` or `https:`, or has a user name.
 */
export function channelUrl(url: string | URL): URL {
  const parsed = new URL(url, globalThis.location?.href);
  if (!/^https?:$/.test(parsed.protocol))
    throw new TypeError(`${parsed.protocol} in the URL of a channel: expected http: or https:`);
  if (parsed.username || parsed.password)
    throw new TypeError("credentials in the URL of a channel: send them by the option `headers`");
  return parsed;
}
