import type { Position } from "./cursor.ts";

/** The parameters of a read. */
export interface ReadParameters {
  readonly after?: Position;
  /** How long the server may hold the answer, in whole seconds. */
  readonly waitS?: number;
  /** The most messages that a page may have. */
  readonly limit?: number;
  /** Where to go on if `after` cannot be continued. */
  readonly gap?: "start" | "end";
  /** Ask for Server-Sent Events. */
  readonly stream?: boolean;
  /** The events to keep. */
  readonly events?: readonly string[];
}

const NAMES: ReadonlySet<string> = new Set(["after", "wait", "limit", "gap", "stream", "event"]);

/**
 * The address of a read: the channel's, whose own parameters stay as they are written, byte for byte (it may be
 * signed), and the protocol's. Throws a TypeError if the channel is no absolute URL.
 */
export function buildReadUrl(channel: string | URL, parameters: ReadParameters): URL {
  const url = new URL(channel);
  const { after, waitS, limit, gap, stream, events } = parameters;
  const own = url.search
    .slice(1)
    .split("&")
    .filter((pair) => pair !== "" && !isOurs(pair));
  if (after !== undefined) own.push(`after=${encodeURIComponent(after)}`);
  if (waitS !== undefined) own.push(`wait=${waitS}`);
  if (limit !== undefined) own.push(`limit=${limit}`);
  if (gap !== undefined) own.push(`gap=${gap}`);
  if (stream) own.push("stream=1");
  if (events !== undefined) own.push(`event=${events.map(encodeURIComponent).join(",")}`);
  url.search = own.join("&");
  url.hash = "";
  return url;
}

/** Whether a `name=value` is one of the protocol's, however its name is escaped. */
function isOurs(pair: string): boolean {
  return [...new URLSearchParams(pair).keys()].some((name) => NAMES.has(name));
}
