import type { Position } from "./cursor.ts";

/** The parameters of a read. */
export interface ReadParameters {
  readonly after?: Position | undefined;
  /** How long the server may hold the answer, in whole seconds. */
  readonly waitS?: number | undefined;
  /** The most messages that a page may have. */
  readonly limit?: number | undefined;
  /** Where to go on if `after` cannot be continued. */
  readonly gap?: "start" | "end" | undefined;
  /** Ask for Server-Sent Events. */
  readonly stream?: boolean | undefined;
  /** The events to keep. */
  readonly events?: readonly string[] | undefined;
}

/**
 * The address of a read: the channel's, whose own parameters stay as they are written, byte for byte (it may be
 * signed), and the protocol's. Throws a TypeError if the channel is no absolute URL.
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
  // A parameter of ours in the channel's URL is replaced, however its name is escaped.
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
