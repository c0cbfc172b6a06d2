import type { Position } from "../pages/cursor.ts";

/** The parameters of a read. */
export interface ReadParameters {
  readonly after?: Position | undefined;
  /** How long the server may hold the answer, in whole seconds. */
  readonly waitS?: number | undefined;
  /** The most messages in one page. */
  readonly limit?: number | undefined;
  /** Where to continue if there is a gap after `after`. */
  readonly gap?: "start" | "end" | undefined;
  /** Ask for Server-Sent Events. */
  readonly stream?: boolean | undefined;
  /** Keep only messages with these event names. */
  readonly events?: readonly string[] | undefined;
}

/**
 * Build the URL of a read: the channel's URL plus the protocol's parameters. The channel's own parameters
 * stay as written, byte for byte, because the URL may be signed. Throws a TypeError if the channel is not an
 * absolute URL.
 */
export function buildReadUrl(channel: string | URL, parameters: ReadParameters): URL {
  const { after, waitS, limit, gap, stream, events } = parameters;
  const ours: Readonly<Record<string, string | number | undefined>> = {
    after: after && encodeURIComponent(after),
    wait: waitS,
    limit,
    gap,
    stream: stream ? 1 : undefined,
    event: events?.map(encodeURIComponent).join(),
  };
  const url = new URL(channel);
  // Replace the protocol's parameters in the channel's URL, even if their names are escaped.
  const own = url.search
    .slice(1)
    .split("&")
    .filter((pair) => {
      const [name = ""] = new URLSearchParams(pair).keys();
      return pair !== "" && !Object.hasOwn(ours, name);
    });
  for (const [name, value] of Object.entries(ours)) if (value !== undefined) own.push(`${name}=${value}`);
  url.search = own.join("&");
  url.hash = "";
  return url;
}
