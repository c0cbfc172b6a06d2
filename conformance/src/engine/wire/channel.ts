/** A channel of the target. */
export interface Channel {
  readonly name: string;
  /** Absolute URL, without parameters of the specification. */
  readonly url: string;
}

/** Whether the template has a placeholder for the channel's name. */
export function hasChannels(template: string): boolean {
  return template.includes("{channel}");
}

/** The channel of this name. */
export function channelAt(template: string, name: string): Channel {
  return { name, url: template.replaceAll("{channel}", encodeURIComponent(name)) };
}

/** A channel's URL with query parameters after its own ones; values are percent-encoded. */
export function withQuery(url: string, query: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return withRawQuery(url, pairs.join("&"));
}

/** A channel's URL with query text that is sent unchanged. */
export function withRawQuery(url: string, query: string): string {
  if (query === "") return url;
  return `${url}${url.includes("?") ? "&" : "?"}${query}`;
}
